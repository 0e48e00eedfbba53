package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in and what comes out. */
class StudyAndResultTest {

  private static final Volume IMAGE =
      Volume.wrap(GridGeometry.ofSpacing(new Extents(1, 1, 1), new Vector3(1, 1, 1)), new float[1]);

  @Test
  void the_first_series_is_the_reference() {
    SeriesRole water = new SeriesRole("DIXON_WATER");
    LumbarStudy study =
        new LumbarStudy(List.of(Series.of(water, IMAGE), Series.of(SeriesRole.CT, IMAGE)));

    assertThat(study.reference().role()).isEqualTo(water);
    assertThat(study.byRole(SeriesRole.CT)).isPresent();
    assertThat(study.byRole(new SeriesRole("T2"))).isEmpty();
  }

  @Test
  void a_study_without_series_is_refused() {
    assertThatThrownBy(() -> new LumbarStudy(List.of()))
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("EMPTY_STUDY");
  }

  @Test
  void two_series_of_one_role_are_refused() {
    Series ct = Series.of(SeriesRole.CT, IMAGE);

    assertThatThrownBy(() -> new LumbarStudy(List.of(ct, ct)))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("a study holds one series of each role, found two of CT");
  }

  @Test
  void a_role_without_a_key_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SeriesRole(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "ABCDEF"})
  void a_hash_that_is_no_sha_256_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SourceRef(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lower", "1ST", "WITH SPACE"})
  void a_notice_code_that_no_program_can_rely_on_is_refused(String code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Notice(code, "text"))
        .withMessage("a notice code is upper case, was " + code);
  }

  private static VertebraMeasurement measurement(double volumeMm3, double meanHu) {
    return new VertebraMeasurement(
        VertebraLevel.L1, volumeMm3, new Vector3(0, 0, 0), meanHu, OptionalDouble.empty(), false);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void a_vertebra_without_volume_is_refused(double volumeMm3) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> measurement(volumeMm3, 200))
        .withMessage("volumeMm3 must be positive, was " + volumeMm3);
  }

  @Test
  void a_mean_that_is_not_finite_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> measurement(1, Double.NaN));
  }

  @Test
  void a_set_token_stops_the_work_and_stays_set() {
    CancellationToken token = new CancellationToken();
    token.throwIfCancelled();

    token.cancel();

    assertThat(token.isCancelled()).isTrue();
    assertThatThrownBy(token::throwIfCancelled)
        .isInstanceOf(CancelledException.class)
        .extracting("code")
        .isEqualTo("CANCELLED");
  }

  @Test
  void an_interrupt_stops_the_work_and_stays_set() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> new CancellationToken().throwIfCancelled())
        .isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
