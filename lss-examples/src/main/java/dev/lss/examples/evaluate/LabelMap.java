package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.dicom.DicomLabels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A label map with what is doubtful about its file. Immutable.
 *
 * @param labels the map
 * @param notices what is doubtful
 * @param segmentation the DICOM file that it came from, which has no planes where nothing is; empty
 *     for other files
 */
public record LabelMap(
    LabelVolume labels, List<Notice> notices, Optional<DicomLabels> segmentation) {

  /** Copies the list. */
  public LabelMap {
    notices = List.copyOf(notices);
  }

  /** Returns a map that came from no DICOM file. */
  public static LabelMap of(LabelVolume labels, List<Notice> notices) {
    return new LabelMap(labels, notices, Optional.empty());
  }

  /** Returns the key of each label value; empty when the file does not say it. */
  Optional<SortedMap<Integer, String>> keys() {
    return segmentation.map(
        seg -> {
          SortedMap<Integer, String> keys = new TreeMap<>();
          seg.table().entries().forEach(e -> keys.put(e.value(), e.structure().key()));
          return keys;
        });
  }

  /**
   * Returns the labels on a grid on which those of another map lie too: where this one is a
   * segmentation that lies on the other's voxels, that of the other; of two segmentations the one
   * that holds both. Unchanged where the voxels are others.
   */
  LabelVolume labelsBeside(LabelMap other, boolean isFirst) {
    if (segmentation.isEmpty()) {
      return labels;
    }
    try {
      Optional<GridGeometry> target = Optional.of(other.labels.geometry());
      if (other.segmentation.isPresent()) {
        target =
            isFirst
                ? segmentation.get().gridWith(other.segmentation.get())
                : other.segmentation.get().gridWith(segmentation.get());
      }
      return target.isPresent() ? segmentation.get().labelsOn(target.get()) : labels;
    } catch (InvalidStudyException e) {
      if (!e.code().equals("GRID_MISMATCH")) {
        throw e;
      }
      return labels; // whoever compares says so, or resamples
    } catch (IOException e) {
      throw new InvalidStudyException("UNREADABLE", "a file cannot be read any more", e);
    }
  }

  /** Reads label maps. */
  public interface Reader {

    /**
     * Reads one.
     *
     * @throws InvalidStudyException when it cannot be read
     */
    LabelMap read(Path file);
  }
}
