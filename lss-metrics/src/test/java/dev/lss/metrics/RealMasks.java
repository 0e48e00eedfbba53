package dev.lss.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/**
 * One of the twenty pairs of masks of tools/oracles/real_masks.py.
 *
 * @param name what is compared
 * @param file label map of the reference
 * @param label its label
 * @param otherFile label map of the prediction
 * @param otherLabel its label
 * @param by whole voxels by which the prediction is moved, along i, j, k
 */
record RealMasks(
    String name, String file, int label, String otherFile, int otherLabel, List<Integer> by) {

  private static final String ABDOMEN = "ct/abdomen_3mm/";
  private static final String VERSE = "ct/verse004_labels_only/vertebrae_verse_ids.nii.gz";
  private static final String DIXON = "mr-muscle/dixon_axial_01/labels_manual.nii.gz";
  private static final String MUSCLES = "mr-muscle/label_template/labels.nii.gz";
  private static final String CROP = "ct/l3_crop/";
  private static final List<Integer> UNMOVED = List.of(0, 0, 0);

  private static final Map<String, LabelVolume> MAPS = new ConcurrentHashMap<>();

  static List<RealMasks> all() {
    List<RealMasks> pairs = new ArrayList<>();
    for (int n = 19; n <= 24; n++) {
      String whole = ABDOMEN + "totalseg_spine.nii.gz";
      String bodies = ABDOMEN + "vertebral_bodies_verse_ids.nii.gz";
      pairs.add(new RealMasks("body-" + n, whole, 51 - n, bodies, n, UNMOVED));
    }
    for (int n = 20; n <= 24; n++) {
      pairs.add(new RealMasks("verse-" + n, VERSE, n, VERSE, n, List.of(2, -1, n - 22)));
    }
    for (int n = 1; n <= 4; n++) {
      pairs.add(new RealMasks("dixon-" + n, DIXON, n, DIXON, n, List.of(n - 2, 3, n % 2)));
    }
    for (int n = 1; n <= 4; n++) {
      pairs.add(new RealMasks("muscle-" + n, MUSCLES, n, MUSCLES, n + 2, UNMOVED));
    }
    pairs.add(
        new RealMasks(
            "body-of-l3",
            CROP + "vertebrae_verse_ids.nii.gz",
            22,
            CROP + "subregions.nii.gz",
            49,
            UNMOVED));
    return pairs;
  }

  LabelVolume reference() {
    return mask(file, label, UNMOVED);
  }

  LabelVolume prediction() {
    return mask(otherFile, otherLabel, by);
  }

  @Override
  public String toString() {
    return name;
  }

  private static LabelVolume mask(String file, int label, List<Integer> by) {
    LabelVolume map = MAPS.computeIfAbsent(file, RealMasks::read);
    Extents extents = map.extents();
    short[] labels = VoxelArrays.labels(map);
    short[] mask = new short[labels.length];
    for (int k = 0, n = 0; k < extents.k(); k++) {
      for (int j = 0; j < extents.j(); j++) {
        for (int i = 0; i < extents.i(); i++, n++) {
          int x = i + by.get(0);
          int y = j + by.get(1);
          int z = k + by.get(2);
          boolean inside =
              x >= 0 && y >= 0 && z >= 0 && x < extents.i() && y < extents.j() && z < extents.k();
          if (labels[n] == label && inside) {
            mask[extents.offset(x, y, z)] = 1;
          }
        }
      }
    }
    return LabelVolume.wrap(map.geometry(), mask);
  }

  /** Reads a label map: this module knows no files, and this is all of NIfTI that is needed. */
  private static LabelVolume read(String file) {
    ByteBuffer nifti = bytes(file);
    Extents extents = new Extents(nifti.getShort(42), nifti.getShort(44), nifti.getShort(46));
    Vector3 spacing = new Vector3(nifti.getFloat(80), nifti.getFloat(84), nifti.getFloat(88));
    int type = nifti.getShort(70);
    int size = nifti.getShort(72) / 8;
    int data = (int) nifti.getFloat(108);
    short[] labels = new short[extents.voxels()];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) value(nifti, data + n * size, type);
    }
    return LabelVolume.wrap(GridGeometry.ofSpacing(extents, spacing), labels);
  }

  private static double value(ByteBuffer nifti, int at, int type) {
    return switch (type) {
      case 2 -> Byte.toUnsignedInt(nifti.get(at));
      case 4, 512 -> nifti.getShort(at);
      case 8 -> nifti.getInt(at);
      case 16 -> nifti.getFloat(at);
      case 64 -> nifti.getDouble(at);
      default -> throw new IllegalArgumentException("datatype " + type);
    };
  }

  private static ByteBuffer bytes(String file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(RealData.path(file)))) {
      ByteBuffer nifti = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(nifti.getInt(0)).as("a little-endian NIfTI-1 header").isEqualTo(348);
      assertThat(nifti.getFloat(112)).as("an unscaled image").isIn(0f, 1f, Float.NaN);
      return nifti;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
