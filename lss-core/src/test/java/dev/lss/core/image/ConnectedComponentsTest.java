package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConnectedComponentsTest {

  @Test
  void an_edge_does_not_join_and_a_face_does() {
    // 1 1 0
    // 0 0 1
    var pieces = components(new Extents(3, 2, 1), 1, 1, 0, 0, 0, 1);

    assertThat(pieces.count()).isEqualTo(2);
    assertThat(pieces.voxels(0)).isEqualTo(2);
    assertThat(pieces.voxels(1)).isEqualTo(1);
    assertThat(pieces.largest()).isZero();
    assertThat(pieces.box(1)).isEqualTo(new IndexBox(2, 1, 0, 3, 2, 1));
  }

  @Test
  void a_u_joins_at_its_end() {
    // 1 0 1
    // 1 1 1
    var pieces = components(new Extents(3, 2, 1), 1, 0, 1, 1, 1, 1);

    assertThat(pieces.count()).isEqualTo(1);
    assertThat(pieces.voxels(0)).isEqualTo(5);
  }

  @Test
  void slices_join_through_a_shared_face() {
    var pieces = components(new Extents(2, 1, 3), 1, 0, 1, 0, 0, 1);

    assertThat(pieces.count()).isEqualTo(2);
    assertThat(pieces.voxels(0)).isEqualTo(2);
  }

  @Test
  void of_equal_pieces_the_first_in_memory_is_the_largest() {
    assertThat(components(new Extents(5, 1, 1), 1, 0, 1, 0, 1).largest()).isZero();
  }

  @Test
  void a_mask_of_another_size_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectedComponents.of(new Extents(4, 1, 1), new boolean[3]))
        .withMessage("a mask of 4 x 1 x 1 must have 4 values, had 3");
  }

  @Test
  void random_masks_agree_with_flood_filling() {
    var random = new Random(3);
    for (int round = 0; round < 40; round++) {
      Extents e = new Extents(1 + random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(9));
      int[] mask = random.ints(e.voxels(), 0, 5).map(v -> v < 2 ? 1 : 0).toArray();

      var pieces = components(e, mask);

      List<Integer> sizes = new ArrayList<>();
      for (int piece = 0; piece < pieces.count(); piece++) {
        sizes.add(pieces.voxels(piece));
        int[] handedOut = {0};
        pieces.forEachRun(piece, (from, count) -> handedOut[0] += count);
        assertThat(handedOut[0]).isEqualTo(pieces.voxels(piece));
      }
      assertThat(sizes).isEqualTo(floodFilled(e, mask));
    }
  }

  @Test
  void an_absent_structure_has_no_largest_piece() {
    var pieces = components(new Extents(2, 1, 1), 0, 0);

    assertThat(pieces.count()).isZero();
    assertThatThrownBy(pieces::largest).isInstanceOf(IllegalStateException.class);
  }

  private static ConnectedComponents components(Extents extents, int... mask) {
    return ConnectedComponents.of(extents, n -> mask[n] != 0);
  }

  private static List<Integer> floodFilled(Extents e, int[] mask) {
    List<Integer> sizes = new ArrayList<>();
    boolean[] seen = new boolean[mask.length];
    for (int n = 0; n < mask.length; n++) {
      if (mask[n] == 0 || seen[n]) {
        continue;
      }
      int size = 0;
      var open = new ArrayDeque<Integer>(List.of(n));
      seen[n] = true;
      while (!open.isEmpty()) {
        int at = open.pop();
        size++;
        int[] p = {at % e.i(), at / e.i() % e.j(), at / e.i() / e.j()};
        for (int axis = 0; axis < 3; axis++) {
          for (int d = -1; d <= 1; d += 2) {
            int[] q = p.clone();
            q[axis] += d;
            if (q[axis] >= 0 && q[axis] < e.get(axis)) {
              int m = e.offset(q[0], q[1], q[2]);
              if (mask[m] != 0 && !seen[m]) {
                seen[m] = true;
                open.push(m);
              }
            }
          }
        }
      }
      sizes.add(size);
    }
    return sizes;
  }
}
