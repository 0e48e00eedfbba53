package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Affine;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.ResamplingRule;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What interpolation gives, to the last bit, as check sums of fixed noise. The rules themselves are
 * tested elsewhere; here a change of the order of additions shows, which would change labels.
 */
class InterpolationBitsTest {

  private static final Extents EXTENTS = new Extents(23, 17, 11);

  private static long sum(Volume volume) {
    float[] samples = volume.toArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * samples.length);
    for (float sample : samples) {
      bytes.putFloat(sample);
    }
    CRC32 sum = new CRC32();
    sum.update(bytes.array());
    Vector3 origin = volume.geometry().affine().origin();
    Vector3 spacing = volume.geometry().spacingMm();
    ByteBuffer place = ByteBuffer.allocate(48);
    for (int axis = 0; axis < 3; axis++) {
      place.putDouble(origin.get(axis)).putDouble(spacing.get(axis));
    }
    sum.update(place.array());
    return sum.getValue();
  }

  @ParameterizedTest
  @CsvSource({
    "NEAREST, 1188216744",
    "LINEAR, 4212010703",
    "LINEAR_ANTIALIASED, 955223099",
    "CUBIC, 4255475672",
  })
  void resampling_keeps_its_bits(ResamplingRule rule, long expected) {
    Volume noise = TestImages.noise(EXTENTS, new Vector3(0.7, 0.9, 2.5), 11);

    assertThat(sum(Resample.toSpacing(noise, new Vector3(1.3, 0.5, 1.7), rule)))
        .isEqualTo(expected);
  }

  @Test
  void removing_a_shear_keeps_its_bits() {
    Affine sheared =
        new Affine(
            new Vector3(0.7, 0.01, 0),
            new Vector3(0, 0.9, 0.02),
            new Vector3(0.1, 0.15, 2.5),
            new Vector3(-100, 20, 300));

    assertThat(sum(Unshear.toOrthogonal(TestImages.noise(GridGeometry.of(EXTENTS, sheared), 11))))
        .isEqualTo(2644335399L);
  }
}
