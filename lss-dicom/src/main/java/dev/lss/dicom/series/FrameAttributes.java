package dev.lss.dicom.series;

import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.Tag;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The attributes of one frame: what its own functional group says, else the group that all frames
 * share, else, in a file without functional groups, the top of the data set (PS3.3 C.7.6.16).
 * Immutable.
 */
final class FrameAttributes {

  private final DataSet top;
  private final boolean hasGroups;
  private final DataSet shared;
  private final DataSet own;

  FrameAttributes(DataSet top, int frame, boolean isEnhanced) {
    this.top = top;
    this.hasGroups = isEnhanced;
    this.shared = top.item(Tag.SHARED_FUNCTIONAL_GROUPS).orElse(DataSet.EMPTY);
    List<DataSet> groups = top.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    this.own = frame < groups.size() ? groups.get(frame) : DataSet.EMPTY;
  }

  /** Returns the data set that holds an attribute of a functional group. */
  DataSet of(Tag group, Tag tag) {
    Optional<DataSet> found =
        own.item(group).filter(item -> item.has(tag)).or(() -> shared.item(group));
    return found.orElse(hasGroups ? DataSet.EMPTY : top);
  }

  double[] numbers(Tag group, Tag tag) {
    return of(group, tag).numbers(tag);
  }

  OptionalDouble number(Tag group, Tag tag) {
    return of(group, tag).number(tag);
  }
}
