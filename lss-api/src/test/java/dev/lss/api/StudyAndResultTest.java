package dev.lss.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
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
    SeriesRole water = SeriesRole.DIXON_WATER;
    LumbarStudy study = LumbarStudy.of(Series.of(water, IMAGE), Series.of(SeriesRole.CT, IMAGE));

    assertThat(study.reference().role()).isEqualTo(water);
    assertThat(study.byRole(SeriesRole.CT)).hasSize(1);
    assertThat(study.byRole(SeriesRole.T2)).isEmpty();
  }

  @Test
  void a_study_without_series_is_refused() {
    assertThatThrownBy(() -> LumbarStudy.of())
        .isInstanceOf(InvalidStudyException.class)
        .extracting("code")
        .isEqualTo("EMPTY_STUDY");
  }

  @Test
  void several_series_of_one_role_keep_their_order_and_are_told_apart_by_name() {
    Series upper = Series.of(SeriesRole.T2, IMAGE).withName("upper");
    Series lower = Series.of(SeriesRole.T2, IMAGE).withName("lower");
    LumbarStudy study = LumbarStudy.of(upper, Series.of(SeriesRole.CT, IMAGE), lower);

    assertThat(study.byRole(SeriesRole.T2)).containsExactly(upper, lower);
    assertThat(upper).hasToString("T2 \"upper\"");
    assertThat(study.series().get(1)).hasToString("CT");
  }

  @Test
  void another_series_can_be_the_reference_and_the_order_stays() {
    Series t2 = Series.of(SeriesRole.T2, IMAGE);
    Series ct = Series.of(SeriesRole.CT, IMAGE);

    LumbarStudy study = LumbarStudy.of(t2, ct).withReference(ct);

    assertThat(study.reference()).isSameAs(ct);
    assertThat(study.series()).containsExactly(t2, ct);
  }

  @Test
  void a_reference_that_is_no_series_of_the_study_is_refused_even_if_it_looks_alike() {
    LumbarStudy study = LumbarStudy.ofCt(IMAGE);

    assertThatThrownBy(() -> study.withReference(Series.of(SeriesRole.CT, IMAGE)))
        .isInstanceOf(InvalidStudyException.class)
        .hasMessage("the reference must be a series of the study, was another CT")
        .extracting("code")
        .isEqualTo("FOREIGN_REFERENCE");
  }

  @Test
  void a_series_keeps_its_source_and_its_name_in_either_order() {
    SourceRef source = new SourceRef("ab".repeat(32));
    Series plain = Series.of(SeriesRole.CT, IMAGE);

    assertThat(plain.source()).isEmpty();
    assertThat(plain.withSource(source).withName("thin").source()).contains(source);
    assertThat(plain.withName("thin").withSource(source).name()).contains("thin");
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
    return VertebraMeasurement.builder(VertebraLevel.L1, volumeMm3, new Vector3(0, 0, 0))
        .meanHu(OptionalDouble.of(meanHu))
        .build();
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
