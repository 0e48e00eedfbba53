package dev.lss.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrokeFontTest {

  private static final StrokeFont FONT = new StrokeFont(16);

  @Test
  void every_letter_and_digit_has_a_shape_of_its_own() {
    String text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-_+=/()'?!%<>";

    long shapes =
        text.chars()
            .mapToObj(c -> Arrays.hashCode(drawn(Character.toString(c))))
            .distinct()
            .count();

    assertThat(shapes).isEqualTo(text.length() - 1); // I and l are one upright
  }

  @Test
  void a_character_without_a_shape_is_a_box() {
    assertThat(drawn("\u00e9")).isEqualTo(drawn("\u4e2d"));
    assertThat(drawn("\u00e9")).isNotEqualTo(drawn(" "));
  }

  @Test
  void widths_add_up_with_a_gap_between_letters() {
    assertThat(FONT.width("")).isZero();
    assertThat(FONT.width("LL")).isGreaterThan(2 * FONT.width("L"));
    assertThat(FONT.width("I")).isLessThan(FONT.width("W"));
  }

  private static int[] drawn(String text) {
    BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    FONT.write(graphics, text, 10, 25, Color.WHITE);
    graphics.dispose();
    return picture.getRGB(0, 0, 40, 40, null, 0, 40);
  }

  @Test
  void lines_break_at_spaces_and_are_no_wider_than_asked_but_for_a_single_word() {
    StrokeFont font = new StrokeFont(10);
    double width = font.width("one two");

    assertThat(font.wrapped(List.of("one two three", "unbreakably", ""), width))
        .containsExactly("one two", "three", "unbreakably", "");
  }
}
