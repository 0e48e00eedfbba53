package dev.lss.dcm4che;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.SeriesRole;
import dev.lss.dicom.DicomOptions;
import dev.lss.dicom.DicomReport;
import dev.lss.dicom.DicomScan;
import dev.lss.dicom.DicomSegmentation;
import dev.lss.dicom.DicomSeries;
import dev.lss.dicom.SegmentationOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Tag;
import org.dcm4che3.data.UID;
import org.dcm4che3.net.ApplicationEntity;
import org.dcm4che3.net.Association;
import org.dcm4che3.net.Connection;
import org.dcm4che3.net.DataWriterAdapter;
import org.dcm4che3.net.Device;
import org.dcm4che3.net.IncompatibleConnectionException;
import org.dcm4che3.net.PDVInputStream;
import org.dcm4che3.net.TransferCapability;
import org.dcm4che3.net.pdu.AAssociateRQ;
import org.dcm4che3.net.pdu.PresentationContext;
import org.dcm4che3.net.service.BasicCEchoSCP;
import org.dcm4che3.net.service.BasicCStoreSCP;
import org.dcm4che3.net.service.DicomServiceRegistry;

/**
 * An example to copy: a DICOM node that takes the images of one association, segments the series of
 * a role when the sender is done, and sends segmentation and report to an archive. It keeps images
 * in memory, trusts whoever connects, and gives up on an archive that does not answer: a node for
 * patients needs more.
 */
final class SegmentingNode implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.lss.dcm4che");

  /** What a node is called and where it listens. */
  record Address(String title, String host, int port) {}

  private final Device device = new Device("lss");
  private final ApplicationEntity entity;
  private final Connection connection;
  private final Address archive;
  private final LumbarSegmenter segmenter;
  private final SeriesRole role;
  private final Map<Association, List<Dcm4che.Instance>> received = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService work = Executors.newSingleThreadExecutor();

  /** Listens from now on. */
  SegmentingNode(Address own, Address archive, LumbarSegmenter segmenter, SeriesRole role)
      throws IOException, GeneralSecurityException {
    this.archive = archive;
    this.segmenter = segmenter;
    this.role = role;
    entity = new ApplicationEntity(own.title());
    connection = new Connection("dicom", own.host(), own.port());
    entity.addConnection(connection);
    device.addConnection(connection);
    device.addApplicationEntity(entity);
    entity.addTransferCapability(
        new TransferCapability(null, "*", TransferCapability.Role.SCP, "*"));
    DicomServiceRegistry services = new DicomServiceRegistry();
    services.addDicomService(new BasicCEchoSCP());
    services.addDicomService(new Store());
    device.setDimseRQHandler(services);
    device.setExecutor(threads);
    device.setScheduledExecutor(timer);
    device.bindConnections();
  }

  /** Takes images and begins when the association ends. */
  private final class Store extends BasicCStoreSCP {

    @Override
    protected void store(
        Association as,
        PresentationContext context,
        Attributes request,
        PDVInputStream data,
        Attributes response)
        throws IOException {
      String syntax = context.getTransferSyntax();
      Attributes image = data.readDataset(syntax);
      received
          .computeIfAbsent(
              as,
              fresh -> {
                fresh.addAssociationListener(SegmentingNode.this::done);
                return new ArrayList<>();
              })
          .add(new Dcm4che.Instance(image, syntax));
    }
  }

  private void done(Association as) {
    List<Dcm4che.Instance> images = received.remove(as);
    if (images != null) {
      work.execute(() -> segment(images));
    }
  }

  private void segment(List<Dcm4che.Instance> images) {
    try {
      DicomScan scan = Dcm4che.scan(images, DicomOptions.defaults());
      List<DicomSeries> fitting = scan.byRole(role);
      if (fitting.size() != 1) {
        LOG.log(Level.WARNING, "{0} series of {1} came, one was expected", fitting.size(), role);
        return;
      }
      DicomSeries series = fitting.get(0);
      SegmentationResult result = segmenter.segment(LumbarStudy.of(series.read().series()));
      SegmentationOptions options = SegmentationOptions.defaults();
      Optional<DicomSegmentation> seg = DicomSegmentation.of(series, result, options);
      if (seg.isEmpty()) {
        LOG.log(Level.INFO, "nothing was found");
        return;
      }
      List<Attributes> objects = new ArrayList<>(List.of(Dcm4che.of(seg.get())));
      Optional<DicomReport> report = DicomReport.of(series, result, seg.get(), options);
      if (report.isPresent()) {
        objects.add(Dcm4che.of(report.get()));
      }
      send(objects);
    } catch (InvalidStudyException e) {
      LOG.log(Level.WARNING, "{0}: {1}", e.code(), e.getMessage());
    } catch (IOException
        | IncompatibleConnectionException
        | GeneralSecurityException
        | RuntimeException e) {
      LOG.log(Level.ERROR, "the segmentation was not sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(List<Attributes> objects)
      throws IOException,
          InterruptedException,
          IncompatibleConnectionException,
          GeneralSecurityException {
    AAssociateRQ request = new AAssociateRQ();
    request.setCalledAET(archive.title());
    request.setCallingAET(entity.getAETitle());
    for (int n = 0; n < objects.size(); n++) {
      request.addPresentationContext(
          new PresentationContext(
              2 * n + 1, objects.get(n).getString(Tag.SOPClassUID), UID.ExplicitVRLittleEndian));
    }
    Connection remote = new Connection("archive", archive.host(), archive.port());
    Association as = entity.connect(connection, remote, request);
    for (Attributes object : objects) {
      as.cstore(
              object.getString(Tag.SOPClassUID),
              object.getString(Tag.SOPInstanceUID),
              0,
              new DataWriterAdapter(object),
              UID.ExplicitVRLittleEndian)
          .next();
    }
    as.waitForOutstandingRSP();
    as.release();
  }

  /** Waits a minute for what was received, then stops listening. The segmenter is the caller's. */
  @Override
  public void close() {
    work.shutdown();
    try {
      work.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    device.unbindConnections();
    threads.shutdown();
    timer.shutdown();
  }
}
