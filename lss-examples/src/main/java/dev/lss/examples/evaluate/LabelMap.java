package dev.lss.examples.evaluate;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Notice;
import dev.lss.api.image.LabelVolume;
import java.nio.file.Path;
import java.util.List;

/**
 * A label map with what is doubtful about its file. Immutable.
 *
 * @param labels the map
 * @param notices what is doubtful
 */
public record LabelMap(LabelVolume labels, List<Notice> notices) {

  /** Copies the list. */
  public LabelMap {
    notices = List.copyOf(notices);
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
