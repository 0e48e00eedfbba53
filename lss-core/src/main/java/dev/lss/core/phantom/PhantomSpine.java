package dev.lss.core.phantom;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bones of a phantom, from the sacrum up to T9, and the line that they stand on. The centre of
 * L3's body is the origin. Immutable.
 *
 * <p>Each level leans by a fixed angle of an average adult's sagittal profile times the lordosis,
 * and sideways by the scoliosis times a slow sine. Bodies are stacked along their axes with the
 * mean of the two levels' disc heights between them.
 */
final class PhantomSpine {

  /** Forward lean of the sacrum, L5, L4, ... T9, in degrees. */
  private static final double[] LEAN_DEG = {40, 22, 10, 0, -8, -13, -14, -12, -8, -4};

  private static final VertebraLevel[] LEVELS = {
    VertebraLevel.L5,
    VertebraLevel.L4,
    VertebraLevel.L3,
    VertebraLevel.L2,
    VertebraLevel.L1,
    VertebraLevel.T12,
    VertebraLevel.T11
  };

  /** Place of L3 in the row. */
  static final int L3 = 3;

  /** Place of T12, the lowest level with ribs, in the row. */
  static final int T12 = 6;

  private static final double RIB_RADIUS_MM = 4;

  private final PhantomParameters parameters;
  private final List<BodySize> bodies = new ArrayList<>();
  private final List<Frame> frames = new ArrayList<>();
  private final List<Bone> bones = new ArrayList<>();

  PhantomSpine(PhantomParameters parameters) {
    this.parameters = parameters;
    stack();
    addSacrum();
    for (int n = 1; n < LEAN_DEG.length; n++) {
      addVertebra(n);
    }
    for (int n = T12; n < LEAN_DEG.length; n++) {
      addRib(n, 1);
      addRib(n, -1);
    }
  }

  /** Returns all bones; the sacrum first, then the vertebrae upwards, then the ribs. */
  List<Bone> bones() {
    return List.copyOf(bones);
  }

  /** Returns how many levels there are, the sacrum being level 0. */
  int levels() {
    return frames.size();
  }

  /** Returns the body of a level. */
  BodySize body(int n) {
    return bodies.get(n);
  }

  /** Returns the axes of a level, from the centre of its body. */
  Frame frame(int n) {
    return frames.get(n);
  }

  /** Returns the height of the gap above a level's body. */
  double gapAboveMm(int n) {
    return 0.5 * (bodies.get(n).disc() + bodies.get(n + 1).disc());
  }

  private void stack() {
    double lordosis = parameters.get(PhantomParameter.LORDOSIS);
    double scoliosis = parameters.get(PhantomParameter.SCOLIOSIS_DEG);
    Vector3 at = new Vector3(0, 0, 0);
    for (int n = 0; n < LEAN_DEG.length; n++) {
      bodies.add(BodySize.above(Math.max(n - 1, 0), parameters));
      double roll = scoliosis * Math.sin(0.7 * n);
      Frame frame = Frame.rotated(LEAN_DEG[n] * lordosis, roll, 0, at);
      if (n > 0) {
        double gap = gapAboveMm(n - 1);
        Frame below = frames.get(n - 1);
        at =
            below
                .centre()
                .plus(below.up().times(bodies.get(n - 1).h() + gap / 2))
                .plus(frame.up().times(bodies.get(n).h() + gap / 2));
      }
      frames.add(frame.movedTo(at));
    }
    Vector3 origin = frames.get(L3).centre();
    frames.replaceAll(frame -> frame.movedTo(frame.centre().minus(origin)));
  }

  private void addSacrum() {
    bones.add(
        new Bone(
            Optional.empty(),
            new SacrumSolid(bodies.get(0), parameters),
            frames.get(0),
            new Vector3(-70, -40, -105),
            new Vector3(70, 60, 35)));
  }

  private void addVertebra(int n) {
    boolean thoracic = n >= T12;
    boolean shortTransverse = n == T12 || n == T12 + 1;
    bones.add(
        new Bone(
            n <= LEVELS.length ? Optional.of(LEVELS[n - 1]) : Optional.empty(),
            new VertebraSolid(bodies.get(n), thoracic, shortTransverse, parameters),
            frames.get(n),
            new Vector3(-65, -30, -45),
            new Vector3(65, 85, 40)));
  }

  /** Adds a rib: from beside the body backwards, then outwards and down; two straight pieces. */
  private void addRib(int n, int side) {
    BodySize body = bodies.get(n);
    double reach = n == T12 ? 45 : 75;
    double x0 = body.a() + 5;
    double x1 = body.a() + 22;
    double x2 = x1 + reach;
    double y0 = 0.7 * body.b();
    double y1 = body.b() + 22;
    double y2 = body.b() + 20;
    double z2 = -0.45 * reach;
    Solid rib =
        (x, y, z) ->
            Math.min(
                Solid.capsule(side * x, y, z, x0, y0, 3, x1, y1, 2, RIB_RADIUS_MM),
                Solid.capsule(side * x, y, z, x1, y1, 2, x2, y2, z2, RIB_RADIUS_MM));
    double far = x2 + 12;
    bones.add(
        new Bone(
            Optional.empty(),
            rib,
            frames.get(n),
            new Vector3(side > 0 ? 0 : -far, -5, z2 - 12),
            new Vector3(side > 0 ? far : 0, y1 + 12, 15)));
  }
}
