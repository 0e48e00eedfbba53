package dev.lss.core.spine;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.LabelVolume;
import dev.lss.spi.VoxelArrays;
import java.util.Optional;

/** Label values of a spine, those of VerSe and TPTBox. */
final class SpineLabels {

  static final int SACRUM = 26;
  static final int CANAL = 61;

  /** Added to the value of the vertebra above a disc. */
  static final int DISC = 100;

  private SpineLabels() {}

  /** Returns the values of parts whose levels are known; what has no value is background. */
  static LabelVolume of(SpineParts spine, SpineLevels levels) {
    short[] values = new short[1 << Byte.SIZE];
    values[SpineParts.SACRUM] = SACRUM;
    values[SpineParts.CANAL] = CANAL;
    for (int n = 0; n < levels.levels().size(); n++) {
      Optional<VertebraLevel> level = levels.labelled(n);
      if (level.isPresent()) {
        values[n + 1] = (short) level.get().verseId();
        values[SpineParts.DISC + n + 1] = (short) (DISC + level.get().verseId());
      }
    }
    short[] parts = VoxelArrays.labels(spine.parts());
    short[] labels = new short[parts.length];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = values[parts[n]];
    }
    return LabelVolume.wrap(spine.parts().geometry(), labels);
  }
}
