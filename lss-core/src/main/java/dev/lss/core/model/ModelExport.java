package dev.lss.core.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.ModelFormat;
import dev.lss.api.model.Stage;
import dev.lss.api.model.network.Network;
import dev.lss.core.io.AtomicFiles;
import dev.lss.core.io.LssVersion;
import dev.lss.core.io.Sha256;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.ModelSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes one network of a model as a file of a runtime's own format, for use without LSS, and
 * beside it a JSON file, schema {@code lss-export/2}, with everything that must be done around the
 * network: the file's name and SHA-256, its tensors, and the fields of the manifest.
 */
public final class ModelExport {

  /** Name of the JSON file's schema, without its version. */
  public static final String SCHEMA_NAME = "lss-export";

  private static final String SCHEMA = SCHEMA_NAME + "/2";

  private ModelExport() {}

  /** Returns where the JSON of a file goes: beside it, {@code FILE.json}. */
  public static Path sidecar(Path file) {
    return file.resolveSibling(file.getFileName() + ".json");
  }

  /**
   * Writes the file, then {@code FILE.json}; each appears whole or not at all, and the second names
   * the hash of the first.
   *
   * @param backend writes the file
   * @param format the format
   * @param model the model that the network is from
   * @param stage the stage that the network is from
   * @param network the network with one of the stage's weights
   * @param file the file; an older one is replaced
   * @return the JSON file
   * @throws IOException when a file cannot be written
   * @throws dev.lss.api.BackendException when the backend does not write the format
   */
  public static Path write(
      InferenceBackend backend,
      ModelFormat format,
      ModelDescription model,
      Stage stage,
      ModelSource.Described network,
      Path file)
      throws IOException {
    Path sidecar = sidecar(file);
    AtomicFiles.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          backend.export(network, format, buffered);
          buffered.flush();
        });
    ObjectNode node = new ObjectMapper().createObjectNode().put("schema", SCHEMA);
    node.put("file", String.valueOf(file.getFileName()))
        .put("format", format.key())
        .put("sha256", sha256(file))
        .put("writtenBy", "lss " + LssVersion.get());
    tensor(node, "input", Network.INPUT, network.network().inputChannels(), network);
    tensor(node, "output", network.network().output(), network.network().outputChannels(), network);
    ManifestWriter.describe(model, node.putObject("model"));
    ObjectNode around = node.putObject("stage").put("name", stage.name());
    around.put("network", network.name());
    StageFields.writeSurroundings(stage, around);
    AtomicFiles.write(sidecar, out -> out.write(ManifestWriter.bytes(node)));
    return sidecar;
  }

  /** Batch, channels and spatial axes; only the channels are fixed. */
  private static void tensor(
      ObjectNode node, String field, String name, int channels, ModelSource.Described network) {
    ObjectNode tensor = node.putObject(field).put("name", name).put("channels", channels);
    tensor.put("axes", network.network().spatialRank() == 3 ? "NCDHW" : "NCHW");
    if (field.equals("input")) {
      network.network().sizeMultiples().forEach(tensor.putArray("sizeMultiples")::add);
    }
  }

  private static String sha256(Path file) throws IOException {
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(file)) {
      hash.addAll(in);
    }
    return hash.hex();
  }
}
