package dev.lss.bench;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Resample;
import dev.lss.core.phantom.LumbarPhantom;
import java.util.Locale;

/**
 * Sizes of the CT that is segmented: the demo's phantom, 310 x 250 x 310 mm from the sacrum to T10,
 * in smaller and larger voxels. The networks see it in spacings of their own, so a larger CT costs
 * time around the network and hardly any in it.
 */
public enum PhantomSize {
  /** Voxels of 2 x 2 x 3 mm, 2 million. */
  SMALL(2, 3),
  /** Voxels of 1 x 1 x 2 mm, 12 million: the CT of {@code lss demo}. */
  STANDARD(1, 2),
  /** Voxels of 0.75 x 0.75 x 1 mm, 43 million. */
  LARGE(0.75, 1);

  private final double inPlaneMm;
  private final double sliceMm;

  PhantomSize(double inPlaneMm, double sliceMm) {
    this.inPlaneMm = inPlaneMm;
    this.sliceMm = sliceMm;
  }

  /** Makes the CT, in Hounsfield units; the same bits each time. */
  public Volume ct() {
    LumbarPhantom phantom = LumbarPhantom.demo();
    return phantom.render(grid(phantom.standardGrid()));
  }

  private GridGeometry grid(GridGeometry standard) {
    Vector3 spacingMm = new Vector3(inPlaneMm, inPlaneMm, sliceMm);
    return Resample.geometryFor(standard, Resample.extentsFor(standard, spacingMm));
  }

  /** Returns the lower-case name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
