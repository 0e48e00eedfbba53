package dev.lss.core.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.core.io.Sha256;
import dev.lss.core.model.Safetensors.Dtype;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A small valid model package, to be broken by one test at a time. */
final class PackageFixture {

  private static final String MANIFEST =
      """
      {"schema":"lss-model/2","id":"tiny","version":"0.1.0","title":"A tiny model",
       "license":"CC-BY-SA-4.0","intendedUse":"tests","trainingData":"none","task":"ct-vertebrae",
       "stages":[{"role":"localizer","name":"localizer",
         "network":{"spatialRank":3,"inputChannels":1,"layers":[
            {"op":"convolution","name":"c","inputs":["input"],"kernel":[3,3,3],"stride":[1,1,1],
             "padding":[1,1,1],"outChannels":2,"weight":"c.weight","bias":"c.bias"},
            {"op":"leakyRelu","name":"r","inputs":["c"],"slope":0.01}],"output":"r"},
         "weights":["localizer.safetensors"],
         "inputs":[{"role":"CT","normalization":
            {"kind":"ctClip","lower":-250,"upper":1250,"mean":50,"std":100}}],
         "orientation":"LPS",
         "grid":{"kind":"spacing","spacingMm":[4,3,2],"images":{"rule":"LINEAR_ANTIALIASED"}},
         "window":{"kind":"tiles","patchSize":[8,6,4],"rule":{"kind":"nnUnet","step":0.5},
            "outside":"normalized","mirrorAxes":[]},
         "output":{"kind":"heatMaps","keys":["heatmap/any","heatmap/L1"]}}]}
      """;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final ObjectNode manifest;
  final Map<String, byte[]> files = new TreeMap<>();

  PackageFixture() throws IOException {
    manifest = (ObjectNode) MAPPER.readTree(MANIFEST);
    files.put("LICENSE", "Do as you like.".getBytes(StandardCharsets.UTF_8));
    files.put("MODEL_CARD.md", "# Tiny".getBytes(StandardCharsets.UTF_8));
    files.put("localizer.safetensors", weights(54));
  }

  static byte[] weights(int values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SafetensorsWriter()
        .add("c.weight", Dtype.F16, List.of(values / 27, 1, 3, 3, 3), new float[values])
        .add("c.bias", Dtype.F16, List.of(2), 1, 2)
        .writeTo(out);
    return out.toByteArray();
  }

  ObjectNode stage() {
    return (ObjectNode) manifest.get("stages").get(0);
  }

  ObjectNode network() {
    return (ObjectNode) stage().get("network");
  }

  /** Replaces a field of the stage by a value, written with single quotes. */
  PackageFixture with(String field, String value) throws IOException {
    stage().set(field, MAPPER.readTree(value.replace('\'', '"')));
    return this;
  }

  ObjectNode layer(int index) {
    return (ObjectNode) network().get("layers").get(index);
  }

  /** Brings the network as a file of ONNX Runtime instead of layers and weights. */
  PackageFixture bringOnnx(byte[] onnx) throws IOException {
    stage().remove("weights");
    files.remove("localizer.safetensors");
    files.put("net.onnx", onnx);
    stage()
        .set(
            "network",
            MAPPER.readTree(
                """
                {"format":"onnx","files":["net.onnx"],"spatialRank":3,"inputChannels":1,
                 "outputChannels":2,"sizeMultiples":[1,1,1]}
                """));
    return this;
  }

  /** Lists the files as they are now, with their true hashes. */
  PackageFixture listFiles() {
    ArrayNode listed = manifest.putArray("files");
    files.forEach(
        (path, bytes) -> listed.addObject().put("path", path).put("sha256", Sha256.of(bytes)));
    return this;
  }

  byte[] json() {
    try {
      return MAPPER.writeValueAsBytes(manifest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path writeFolder(Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("tiny"));
    Files.write(folder.resolve("lss-model.json"), json());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  Path writeZip(Path parent) throws IOException {
    Path zip = parent.resolve("tiny.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      files.put("lss-model.json", json());
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
      }
      files.remove("lss-model.json");
    }
    return zip;
  }
}
