package dev.lss.api.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.anatomy.LabelTable.Entry;
import dev.lss.api.anatomy.Structure.Other;
import dev.lss.api.anatomy.Structure.Vertebra;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelTableTest {

  private static Entry entry(int value, String key) {
    return new Entry(value, Structure.parse(key), 0xFF0000);
  }

  @Test
  void the_lumbar_table_maps_20_to_25_to_l1_to_l6_and_28_to_t13() {
    LabelTable table = LabelTable.lumbarVertebrae();

    assertThat(table.entries())
        .extracting(Entry::value)
        .containsExactly(20, 21, 22, 23, 24, 25, 28);
    assertThat(table.byValue(22)).map(Entry::structure).contains(new Vertebra(VertebraLevel.L3));
    assertThat(table.byStructure(new Vertebra(VertebraLevel.L5))).map(Entry::value).contains(24);
    assertThat(table.byValue(25)).map(Entry::structure).contains(new Vertebra(VertebraLevel.L6));
    assertThat(table.byValue(28)).map(Entry::structure).contains(new Vertebra(VertebraLevel.T13));
    assertThat(table.entries()).extracting(Entry::rgb).doesNotHaveDuplicates();
  }

  @Test
  void what_is_not_listed_is_empty() {
    LabelTable table = LabelTable.lumbarVertebrae();

    assertThat(table.byValue(0)).isEmpty();
    assertThat(table.byValue(19)).isEmpty();
    assertThat(table.byStructure(new Other("sacrum"))).isEmpty();
  }

  @Test
  void the_list_is_copied() {
    List<Entry> entries = new ArrayList<>(List.of(entry(1, "a")));
    LabelTable table = new LabelTable(entries);
    entries.clear();

    assertThat(table.entries()).hasSize(1);
  }

  @Test
  void values_that_do_not_ascend_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelTable(List.of(entry(3, "a"), entry(2, "b"))))
        .withMessage("label values must ascend without repeats, found 2 after 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelTable(List.of(entry(3, "a"), entry(3, "b"))));
  }

  @Test
  void a_structure_with_two_values_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LabelTable(List.of(entry(1, "vertebra/L1"), entry(2, "vertebra/L1"))))
        .withMessage("vertebra/L1 has two label values");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void a_value_outside_1_to_65535_is_refused(int value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> entry(value, "a"))
        .withMessage("a label value lies in 1 to 65535, was " + value);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0x1000000})
  void a_colour_outside_24_bits_is_refused(int rgb) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry(1, new Other("a"), rgb))
        .withMessage("a colour is 0xRRGGBB, was " + rgb);
  }
}
