package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.bench.RealShape;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.Arithmetic;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One tile of a network of real size on every backend, against the labels that nnU-Net gave for it.
 * Tiny networks on small tiles do not show what sums over two million voxels lose.
 *
 * <p>lss_training/peers/nnunet_real_shape.py wrote the labels, and the checkpoint without its
 * numbers, which {@link RealShape} makes; it compares whole images too.
 */
class RealShapeIT {

  private static final int CELL = 8;

  @TempDir static Path temporary;

  private static Path folder;
  private static Volume image;
  private static byte[] expected;

  @BeforeAll
  static void write_the_results_folder() throws IOException {
    folder = temporary.resolve("nnUNetTrainer__nnUNetPlans__3d_fullres");
    Files.createDirectories(folder.resolve("fold_0"));
    for (String name : List.of("plans.json", "dataset.json")) {
      Files.write(folder.resolve(name), resource(name));
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("fold_0/checkpoint_final.pth"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", unpacked("data.pkl.gz"));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.UTF_8));
      int index = 0;
      String storages = new String(resource("storages.txt"), StandardCharsets.UTF_8);
      for (String line : storages.split("\n")) {
        String[] parts = line.split(" ");
        List<Integer> shape = Arrays.stream(parts).skip(1).map(Integer::valueOf).toList();
        float[] values = RealShape.values(parts[0], shape);
        ByteBuffer bytes =
            ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        put(zip, "data/" + index++, bytes.array());
      }
      put(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    image = image();
    expected = unpacked("tile.labels.gz");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = RealShapeIT.class.getResourceAsStream("/nnunet-real-shape/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] unpacked(String name) throws IOException {
    try (InputStream packed = RealShapeIT.class.getResourceAsStream("/nnunet-real-shape/" + name);
        InputStream in = new GZIPInputStream(packed)) {
      return in.readAllBytes();
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("checkpoint_final/" + name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Whole numbers on a lattice, between them linear in whole numbers, and a little noise. */
  private static Volume image() {
    int size = RealShape.TILE;
    long lattice = RealShape.seed("image");
    long noise = RealShape.seed("noise");
    float[] samples = new float[size * size * size];
    int n = 0;
    for (int k = 0; k < size; k++) {
      for (int j = 0; j < size; j++) {
        for (int i = 0; i < size; i++) {
          long sum = 0;
          for (int corner = 0; corner < 8; corner++) {
            long node = 0;
            long weight = 1;
            for (int axis = 0; axis < 3; axis++) {
              int at = axis == 0 ? k : axis == 1 ? j : i;
              int upper = corner >> axis & 1;
              node = 64 * node + at / CELL + upper;
              weight *= upper == 1 ? at % CELL : CELL - at % CELL;
            }
            sum += weight * (RealShape.mixed(lattice, node) >>> 54);
          }
          samples[n] = (sum >> 9) - 300 + (RealShape.mixed(noise, n) >>> 60);
          n++;
        }
      }
    }
    return Volume.wrap(
        GridGeometry.ofSpacing(new Extents(size, size, size), new Vector3(1, 1, 1)), samples);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void exact_labels_are_those_of_nnunet(String backend) throws IOException {
    assertThat(equalShare(labels(backend, Arithmetic.EXACT), expected))
        .isGreaterThanOrEqualTo(0.9999);
  }

  /**
   * In the corners of a tile nnU-Net's half precision rounds logits to whole numbers or so, and
   * this image is all one tile. In single precision the labels are those of its logits themselves.
   */
  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl", "tf"})
  void labels_are_those_of_nnunets_network(String backend) throws IOException {
    byte[] unrounded = unpacked("tile.unrounded.xor.gz");
    for (int n = 0; n < unrounded.length; n++) {
      unrounded[n] ^= expected[n];
    }

    assertThat(equalShare(labels(backend, Arithmetic.FP32), unrounded))
        .isGreaterThanOrEqualTo(0.9999);
  }

  private static short[] labels(String backend, Arithmetic arithmetic) throws IOException {
    RuntimeOptions options =
        RuntimeOptions.builder().backend(backend).arithmetic(arithmetic).threads(2).build();
    try (LumbarSegmenter segmenter = Segmenters.forNnUnet(folder).options(options).build()) {
      return VoxelArrays.labels(segmenter.segment(LumbarStudy.ofCt(image)).labels());
    }
  }

  private static double equalShare(short[] actual, byte[] wanted) {
    assertThat(actual).hasSameSizeAs(wanted);
    int equal = 0;
    for (int n = 0; n < actual.length; n++) {
      equal += actual[n] == (wanted[n] & 0xff) ? 1 : 0;
    }
    return equal / (double) actual.length;
  }

  @Test
  void the_benchs_network_has_the_checkpoints_tensors() throws IOException {
    String storages = new String(resource("storages.txt"), StandardCharsets.UTF_8);

    for (String name : RealShape.source().network().tensorNames()) {
      List<Integer> shape = RealShape.source().weights().shape(name);
      assertThat(storages.lines())
          .contains(name + " " + String.join(" ", shape.stream().map(String::valueOf).toList()));
    }
  }
}
