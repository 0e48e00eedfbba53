package dev.lss.backend.tf;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.UnsafeByteOperations;
import dev.lss.api.model.network.Network;
import dev.lss.spi.ModelZip;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A SavedModel, which is a folder, as one file: a zip of the folder. The graph is in {@code
 * saved_model.pb}; what else may lie in the zip is not looked at.
 */
final class SavedModelFile {

  /** The signature that is run, and that TensorFlow's own tools run. */
  static final String SIGNATURE = "serving_default";

  private static final String GRAPH_FILE = "saved_model.pb";

  /** In the zip's own folder or beside it. */
  private static final Pattern GRAPH = Pattern.compile("([^/]+/)?saved_model\\.pb");

  private static final long MAX_GRAPH_BYTES = Integer.MAX_VALUE;
  private static final String TAG = "serve";
  private static final String METHOD = "tensorflow/serving/predict";

  /** The earliest that a zip knows: the same network gives the same bytes. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private SavedModelFile() {}

  /** Writes a graph made by {@link NetworkToTf}; its tensors have the names of the network's. */
  static void write(GraphDef graph, Network network, OutputStream out) throws IOException {
    SignatureDef signature =
        SignatureDef.newBuilder()
            .setMethodName(METHOD)
            .putInputs(Network.INPUT, tensor(NetworkToTf.INPUT, network, network.inputChannels()))
            .putOutputs(
                network.output(), tensor(NetworkToTf.OUTPUT, network, network.outputChannels()))
            .build();
    SavedModel model =
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(1)
            .addMetaGraphs(
                MetaGraphDef.newBuilder()
                    .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags(TAG))
                    .setGraphDef(graph)
                    .putSignatureDef(SIGNATURE, signature))
            .build();
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION); // weights hardly get smaller
    ZipEntry entry = new ZipEntry(GRAPH_FILE);
    entry.setTimeLocal(ENTRY_TIME);
    zip.putNextEntry(entry);
    model.writeTo(zip);
    zip.closeEntry();
    zip.finish();
  }

  private static TensorInfo tensor(String node, Network network, int channels) {
    return TensorInfo.newBuilder()
        .setName(node + ":0")
        .setDtype(DataType.DT_FLOAT)
        .setTensorShape(TfGraph.shape(NetworkToTf.sizes(network, channels)))
        .build();
  }

  /**
   * Returns the graph with its signatures that TensorFlow's own tools would serve, without what
   * this version of TensorFlow does not know.
   *
   * @throws IOException when there is none, or when the file is damaged
   */
  static MetaGraphDef read(ByteBuffer file) throws IOException {
    ModelZip zip = ModelZip.read(file);
    List<String> found =
        zip.names().stream().filter(name -> GRAPH.matcher(name).matches()).toList();
    if (found.size() != 1) {
      throw new IOException(
          "it is a zip that holds %s files named %s in its folder"
              .formatted(found.size(), GRAPH_FILE));
    }
    ByteString graph = UnsafeByteOperations.unsafeWrap(zip.content(found.get(0), MAX_GRAPH_BYTES));
    CodedInputStream in = graph.newCodedInput();
    in.enableAliasing(true); // weights stay where they are
    MetaGraphDef served =
        served(
            DiscardUnknownFieldsParser.wrap(SavedModel.parser()).parseFrom(in).getMetaGraphsList());
    in.checkLastTagWas(0);
    return served;
  }

  private static MetaGraphDef served(List<MetaGraphDef> graphs) throws IOException {
    return graphs.stream()
        .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(TAG))
        .findFirst()
        .orElseThrow(() -> new IOException("it has no graph with the tag \"" + TAG + "\""));
  }
}
