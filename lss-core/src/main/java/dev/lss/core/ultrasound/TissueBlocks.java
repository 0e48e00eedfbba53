package dev.lss.core.ultrasound;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.core.image.ConnectedComponents;
import java.util.BitSet;
import java.util.Optional;

/**
 * The blocks of a picture that show tissue, by the rule of {@link ImageRegion}. Immutable by
 * convention.
 *
 * @param grain where the picture is grainy
 * @param side pixels along a block's side; the last ones may be cut
 * @param across blocks across
 * @param down blocks down
 * @param blocks the blocks of the tissue, by index
 */
record TissueBlocks(Grain grain, int side, int across, int down, BitSet blocks) {

  private static final int BLOCKS_ALONG = 128;
  private static final double GRAINY_PIXELS = 0.5;
  private static final int CORE_REACH = 4;
  private static final double CORE_SHARE = 0.75;
  private static final int SMALLEST_CORE = 64;
  private static final double SIDE_PIECE = 0.25;
  private static final int GROWTH = 3;
  private static final double GROWN_SHARE = 0.5;

  /** Returns the blocks of a picture that are grainy. */
  static TissueBlocks grainy(Grain grain) {
    int longer = Math.max(grain.columns(), grain.rows());
    int side = Math.max(2, (int) Math.rint((double) longer / BLOCKS_ALONG));
    int across = (grain.columns() + side - 1) / side;
    int down = (grain.rows() + side - 1) / side;
    return new TissueBlocks(grain, side, across, down, grainy(grain, side, across, down));
  }

  /** Returns the blocks of the tissue among the grainy ones, or empty when there is too little. */
  static Optional<TissueBlocks> of(TissueBlocks grainy) {
    BitSet core = grainy.solid(grainy.dense(CORE_REACH, CORE_SHARE));
    if (core.cardinality() < SMALLEST_CORE) {
      return Optional.empty();
    }
    BitSet grown = grainy.grown(core, grainy.dense(1, GROWN_SHARE));
    return Optional.of(grainy.with(grainy.spanned(grown)));
  }

  private TissueBlocks with(BitSet others) {
    return new TissueBlocks(grain, side, across, down, others);
  }

  private static BitSet grainy(Grain grain, int side, int across, int down) {
    int[] counts = new int[across * down];
    for (int j = 0; j < grain.rows(); j++) {
      int first = j * grain.columns();
      for (int block = 0; block < across; block++) {
        int end = first + Math.min(grain.columns(), (block + 1) * side);
        int count = 0;
        for (int pixel = first + block * side; pixel < end; pixel++) {
          count += grain.at(pixel) ? 1 : 0;
        }
        counts[j / side * across + block] += count;
      }
    }
    BitSet grainy = new BitSet();
    for (int b = 0; b < counts.length; b++) {
      int width = Math.min(side, grain.columns() - b % across * side);
      int height = Math.min(side, grain.rows() - b / across * side);
      grainy.set(b, counts[b] >= GRAINY_PIXELS * width * height);
    }
    return grainy;
  }

  /** Returns the blocks around which so large a share is set; outer blocks count again outside. */
  private BitSet dense(int reach, double share) {
    int[] alongRows = new int[across * down];
    for (int b = 0; b < alongRows.length; b++) {
      int row = b / across * across;
      for (int i = -reach; i <= reach; i++) {
        alongRows[b] += blocks.get(row + inside(b % across + i, across)) ? 1 : 0;
      }
    }
    BitSet dense = new BitSet();
    int width = 2 * reach + 1;
    for (int b = 0; b < alongRows.length; b++) {
      int count = 0;
      for (int j = -reach; j <= reach; j++) {
        count += alongRows[inside(b / across + j, down) * across + b % across];
      }
      dense.set(b, count >= share * width * width);
    }
    return dense;
  }

  private static int inside(int index, int size) {
    return Math.min(Math.max(index, 0), size - 1);
  }

  /** Returns a set with what no way of unset blocks leads out of. */
  private BitSet filled(BitSet set) {
    BitSet filled = new BitSet();
    filled.set(0, across * down);
    ConnectedComponents gaps =
        ConnectedComponents.of(new Extents(across, down, 1), b -> !set.get(b));
    for (int piece = 0; piece < gaps.count(); piece++) {
      IndexBox box = gaps.box(piece);
      if (box.i0() == 0 || box.j0() == 0 || box.i1() == across || box.j1() == down) {
        gaps.forEachRun(piece, (start, length) -> filled.clear(start, start + length));
      }
    }
    return filled;
  }

  /** Returns a set with its holes filled and without its small pieces. */
  BitSet solid(BitSet set) {
    return largePieces(filled(set));
  }

  private BitSet largePieces(BitSet set) {
    ConnectedComponents pieces = ConnectedComponents.of(new Extents(across, down, 1), set::get);
    BitSet large = new BitSet();
    for (int piece = 0; piece < pieces.count(); piece++) {
      if (pieces.voxels(piece) >= SIDE_PIECE * pieces.voxels(pieces.largest())) {
        pieces.forEachRun(piece, (start, length) -> large.set(start, start + length));
      }
    }
    return large;
  }

  private BitSet grown(BitSet core, BitSet allowed) {
    BitSet near = new BitSet();
    for (int b = core.nextSetBit(0); b >= 0; b = core.nextSetBit(b + 1)) {
      int first = Math.max(0, b % across - GROWTH);
      int last = Math.min(across - 1, b % across + GROWTH);
      for (int j = Math.max(0, b / across - GROWTH);
          j <= Math.min(down - 1, b / across + GROWTH);
          j++) {
        near.set(j * across + first, j * across + last + 1);
      }
    }
    near.and(allowed);
    return near;
  }

  /**
   * Fills each column from its first to its last block, and each row likewise, but not above the
   * first block of a column.
   */
  private BitSet spanned(BitSet set) {
    BitSet spanned = new BitSet();
    for (int i = 0; i < across; i++) {
      int top = 0;
      while (top < down && !set.get(top * across + i)) {
        top++;
      }
      int bottom = down - 1;
      while (bottom > top && !set.get(bottom * across + i)) {
        bottom--;
      }
      for (int j = top; j < down; j++) {
        int first = set.nextSetBit(j * across);
        int last = set.previousSetBit((j + 1) * across - 1);
        int b = j * across + i;
        spanned.set(b, j <= bottom || (first >= 0 && first <= b && b <= last));
      }
    }
    return spanned;
  }

  /** Returns the smallest box of pixels around all blocks. */
  IndexBox box() {
    int left = across;
    int right = 0;
    for (int b = blocks.nextSetBit(0); b >= 0; b = blocks.nextSetBit(b + 1)) {
      left = Math.min(left, b % across);
      right = Math.max(right, b % across);
    }
    int top = blocks.nextSetBit(0) / across;
    int bottom = (blocks.length() - 1) / across;
    return new IndexBox(
        left * side,
        top * side,
        0,
        Math.min(grain.columns(), (right + 1) * side),
        Math.min(grain.rows(), (bottom + 1) * side),
        1);
  }

  /** Returns the pixels of all blocks. */
  BitSet pixels() {
    BitSet pixels = new BitSet();
    for (int b = blocks.nextSetBit(0); b >= 0; b = blocks.nextSetBit(b + 1)) {
      int i0 = b % across * side;
      int i1 = Math.min(grain.columns(), i0 + side);
      int j0 = b / across * side;
      for (int j = j0; j < Math.min(grain.rows(), j0 + side); j++) {
        pixels.set(j * grain.columns() + i0, j * grain.columns() + i1);
      }
    }
    return pixels;
  }
}
