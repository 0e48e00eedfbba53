package dev.lss.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class InputFileTest {

  @Test
  void a_word_before_an_equals_sign_is_a_role() {
    assertThat(InputFile.parse("CT=a/b.nii.gz"))
        .isEqualTo(new InputFile(Optional.of("CT"), Path.of("a/b.nii.gz")));
  }

  @Test
  void without_a_role_all_is_the_file() {
    assertThat(InputFile.parse("a/b.nii.gz"))
        .isEqualTo(new InputFile(Optional.empty(), Path.of("a/b.nii.gz")));
  }

  @Test
  void a_path_with_an_equals_sign_stays_a_path() {
    assertThat(InputFile.parse("./a=b.nii"))
        .isEqualTo(new InputFile(Optional.empty(), Path.of("./a=b.nii")));
  }

  @Test
  void only_the_first_equals_sign_counts() {
    assertThat(InputFile.parse("CT=a=b.nii"))
        .isEqualTo(new InputFile(Optional.of("CT"), Path.of("a=b.nii")));
  }

  @Test
  void a_role_without_a_file_is_refused() {
    assertThatThrownBy(() -> InputFile.parse("CT="))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("names no file");
  }
}
