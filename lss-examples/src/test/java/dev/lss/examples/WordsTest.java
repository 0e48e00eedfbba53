package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.CodeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the library says is short enough to be read. */
class WordsTest {

  private static final int LONGEST = 300;
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String LITERAL = "\"(?:[^\"\\\\\\n]|\\\\.)*+\"";

  /** Texts that are added to each other; text blocks are figures and tables. */
  private static final Pattern TEXT =
      Pattern.compile("\"\"\"\\n(?s:.*?)\"\"\"|" + LITERAL + "(?:\\s*+\\+\\s*+" + LITERAL + ")*+");

  @Test
  void no_text_in_the_sources_is_longer_than_300_characters() throws IOException {
    int seen = 0;
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file :
          files
              .filter(f -> ROOT.relativize(f).toString().matches("lss-[a-z-]+/src/main/.*\\.java"))
              .toList()) {
        Matcher text = TEXT.matcher(Files.readString(file));
        while (text.find()) {
          if (!text.group().startsWith("\"\"\"")) {
            String words = text.group().replaceAll("\"\\s*\\+\\s*\"", "");
            assertThat(words.length() - 2).as("%s: %s", file, words).isLessThanOrEqualTo(LONGEST);
            seen++;
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(2000);
  }

  @Test
  void no_entry_of_the_catalogue_is_longer_than_300_characters() {
    assertThat(CodeCatalog.entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.meaning()).hasSizeLessThanOrEqualTo(LONGEST);
              assertThat(entry.action()).hasSizeLessThanOrEqualTo(LONGEST);
            });
  }
}
