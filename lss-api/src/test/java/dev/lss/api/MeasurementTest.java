package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lss.api.FasciaMeasurement.Echo;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Measurements of several types, and the result that holds them. */
class MeasurementTest {

  /** A measurement as a task of others brings it. */
  private record Angle(double degrees) implements Measurement {
    @Override
    public Structure structure() {
      return Structure.parse("angle/lordosis");
    }
  }

  private static VertebraMeasurement vertebra(VertebraLevel level) {
    return VertebraMeasurement.builder(level, 1, new Vector3(0, 0, 0)).build();
  }

  private static FasciaMeasurement.Builder fascia() {
    return FasciaMeasurement.builder(1, LengthUnit.MM)
        .thickness(new Thickness(2, 0.1, 2, 1, 3, 1.1, 2.9, 2.1, 50))
        .echo(new Echo(100, OptionalDouble.of(50), 0.01))
        .length(30);
  }

  @Test
  void measurements_are_asked_for_by_type_and_keep_their_order() {
    VertebraMeasurement l1 = vertebra(VertebraLevel.L1);
    VertebraMeasurement l2 = vertebra(VertebraLevel.L2);
    Angle angle = new Angle(42);
    Measurements all = Measurements.copyOf(List.of(l1, angle, l2));

    assertThat(all.of(VertebraMeasurement.class)).containsExactly(l1, l2);
    assertThat(all.of(Angle.class)).containsExactly(angle);
    assertThat(all.of(FasciaMeasurement.class)).isEmpty();
    assertThat(all.all()).containsExactly(l1, angle, l2);
    assertThat(Measurements.NONE.isEmpty()).isTrue();
  }

  @Test
  void a_layer_of_fascia_has_a_thickness_an_echo_and_a_length() {
    assertThat(fascia().build().echo().ratio()).hasValue(2);
    assertThat(fascia().build().structure()).isEqualTo(new Structure.Fascia(1));
    assertThatNullPointerException()
        .isThrownBy(fascia().thickness(null)::build)
        .withMessage("thickness");
    assertThatNullPointerException().isThrownBy(fascia().echo(null)::build).withMessage("echo");
    assertThatIllegalArgumentException()
        .isThrownBy(fascia().length(0)::build)
        .withMessageContaining("length, angle and depth must be in range, were 0.0");
    assertThatIllegalArgumentException().isThrownBy(fascia().angleDeg(-90)::build);
    assertThatIllegalArgumentException().isThrownBy(fascia().depth(Double.NaN)::build);
    assertThatIllegalArgumentException()
        .isThrownBy(fascia().fragments(0)::build)
        .withMessage("layer and fragments must be at least 1, were 1 and 0");
  }

  @Test
  void a_copy_of_a_result_holds_everything_and_can_change_one_part() {
    GridGeometry grid = GridGeometry.ofSpacing(new Extents(1, 1, 1), new Vector3(1, 1, 1));
    Notice notice = new Notice("LEVELS_AMBIGUOUS", "doubtful");
    StageTiming timing = new StageTiming("network", Duration.ofMillis(3));
    SegmentationResult result =
        SegmentationResult.builder(
                "ct-vertebrae",
                LabelVolume.wrap(grid, new short[] {22}),
                LabelTable.lumbarVertebrae(),
                Provenance.builder("0.1").threads(4).precision("fp32").build())
            .measurements(Measurements.copyOf(List.of(new Angle(1))))
            .notices(List.of(notice))
            .timings(List.of(timing))
            .build();

    SegmentationResult copy = result.toBuilder().notices(List.of()).build();

    assertThat(result.hasNotice("LEVELS_AMBIGUOUS")).isTrue();
    assertThat(copy.hasNotice("LEVELS_AMBIGUOUS")).isFalse();
    assertThat(copy.measurements()).isSameAs(result.measurements());
    assertThat(copy.timings()).containsExactly(timing);
    assertThat(copy.foundAnything()).isTrue();
    assertThat(copy.provenance().threads()).isEqualTo(4);
  }

  @Test
  void a_copy_of_provenance_holds_everything() {
    SourceRef source = new SourceRef("ab".repeat(32));
    Provenance full =
        Provenance.builder("0.1")
            .models(List.of(new Provenance.ModelRef("m", "1", "hash")))
            .backend(new Provenance.BackendRef("onnx", "1", "cpu"))
            .threads(3)
            .precision("bf16")
            .inputs(List.of(source))
            .build();

    assertThat(full.toBuilder().build()).usingRecursiveComparison().isEqualTo(full);
  }
}
