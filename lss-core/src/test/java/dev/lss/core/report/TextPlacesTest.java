package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Capitals of 8 pixels: a text is 8 above and 3 below its baseline, and 2 around it are free. */
class TextPlacesTest {

  private final TextPlaces places = new TextPlaces(200);

  @Test
  void a_free_place_is_taken_as_it_is_wanted() {
    assertThat(places.near(10, 100, 30, 8)).isEqualTo(100);
  }

  @Test
  void a_second_text_goes_below_the_first_and_a_third_above() {
    places.near(10, 100, 30, 8);

    assertThat(places.near(10, 100, 30, 8)).isEqualTo(115);
    assertThat(places.near(10, 100, 30, 8)).isEqualTo(85);
  }

  @Test
  void texts_beside_each_other_do_not_move() {
    places.near(10, 100, 30, 8);

    assertThat(places.near(50, 100, 30, 8)).isEqualTo(100);
  }

  @Test
  void a_text_stays_in_the_picture() {
    assertThat(places.near(10, -50, 30, 8)).isEqualTo(10);
    assertThat(places.near(50, 900, 30, 8)).isEqualTo(195);
  }

  @Test
  void where_nothing_is_free_the_wanted_place_is_used() {
    TextPlaces full = new TextPlaces(20);
    full.take(0, 15, 100, 15);

    assertThat(full.near(10, 12, 30, 8)).isEqualTo(12);
  }
}
