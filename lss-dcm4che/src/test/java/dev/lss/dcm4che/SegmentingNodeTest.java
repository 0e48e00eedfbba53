package dev.lss.dcm4che;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.SeriesRole;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.DataWriterAdapter;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.PDVInputStream;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.BasicCStoreSCP;
import org.dcm4che3.net.service.DicomServiceRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A series goes in over the network, a segmentation and a report of it come out. */
class SegmentingNodeTest {

  private final Device archive = new Device("archive");
  private final ApplicationEntity entity = new ApplicationEntity("ARCHIVE");
  private final BlockingQueue<Attributes> stored = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private int port;

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @BeforeEach
  void start_an_archive() throws Exception {
    port = freePort();
    Connection connection = new Connection("dicom", "127.0.0.1", port);
    archive.addConnection(connection);
    archive.addApplicationEntity(entity);
    entity.addConnection(connection);
    entity.addTransferCapability(
        new TransferCapability(null, "*", TransferCapability.Role.SCP, "*"));
    DicomServiceRegistry services = new DicomServiceRegistry();
    services.addDicomService(
        new BasicCStoreSCP() {
          @Override
          protected void store(
              Association as,
              PresentationContext context,
              Attributes request,
              PDVInputStream data,
              Attributes response)
              throws java.io.IOException {
            stored.add(data.readDataset(context.getTransferSyntax()));
          }
        });
    archive.setDimseRQHandler(services);
    archive.setExecutor(threads);
    archive.setScheduledExecutor(timer);
    archive.bindConnections();
  }

  @AfterEach
  void stop() {
    archive.unbindConnections();
    threads.shutdownNow();
    timer.shutdownNow();
  }

  @Test
  void a_series_is_received_segmented_and_sent_on() throws Exception {
    List<Dcm4che.Instance> images = RealSeries.images();
    var own = new SegmentingNode.Address("LSS", "127.0.0.1", freePort());
    var target = new SegmentingNode.Address("ARCHIVE", "127.0.0.1", port);
    try (var segmenter = new RealSeries.BoneSegmenter();
        var node = new SegmentingNode(own, target, segmenter, SeriesRole.CT)) {
      assertThat(node).isNotNull();
      send(images, own);

      Attributes seg = stored.poll(60, TimeUnit.SECONDS);
      Attributes report = stored.poll(60, TimeUnit.SECONDS);

      assertThat(seg.getString(Tag.Modality)).isEqualTo("SEG");
      assertThat(report.getString(Tag.Modality)).isEqualTo("SR");
      String study = images.get(0).dataSet().getString(Tag.StudyInstanceUID);
      assertThat(seg.getString(Tag.StudyInstanceUID)).isEqualTo(study);
      assertThat(report.getString(Tag.StudyInstanceUID)).isEqualTo(study);
      assertThat(stored).isEmpty();
    }
  }

  private void send(List<Dcm4che.Instance> images, SegmentingNode.Address to) throws Exception {
    Attributes first = images.get(0).dataSet();
    String syntax = images.get(0).transferSyntaxUid();
    AAssociateRQ request = new AAssociateRQ();
    request.setCalledAET(to.title());
    request.setCallingAET("ARCHIVE");
    request.addPresentationContext(
        new PresentationContext(1, first.getString(Tag.SOPClassUID), syntax));
    Connection remote = new Connection("lss", to.host(), to.port());
    Association as = entity.connect(archive.listConnections().get(0), remote, request);
    for (Dcm4che.Instance image : images) {
      as.cstore(
              image.dataSet().getString(Tag.SOPClassUID),
              image.dataSet().getString(Tag.SOPInstanceUID),
              0,
              new DataWriterAdapter(image.dataSet()),
              syntax)
          .next();
    }
    as.waitForOutstandingRSP();
    as.release();
  }
}
