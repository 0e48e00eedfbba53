package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.CodeCatalog;
import dev.lss.api.CodeCatalog.Entry;
import dev.lss.api.CodeCatalog.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue of codes, the sources that give them and docs/codes.md say the same. */
class CodeCatalogTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /**
   * Where a code stands in front of a message: in an error, a notice, or a method that makes one.
   */
  private static final Pattern GIVEN =
      Pattern.compile("(?:Exception|Notice|Fault\\.of|\\bfault)\\(\\s*\"([A-Z][A-Z0-9_]{2,})\"");

  /** A code of several words, wherever it stands. */
  private static final Pattern LOOKS_LIKE_ONE =
      Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"");

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file :
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> ROOT.relativize(f).toString().matches("lss-[a-z-]+/src/main/java/.*"))
              .toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static List<String> codes() {
    return CodeCatalog.entries().stream().map(Entry::code).toList();
  }

  @Test
  void every_code_that_the_sources_give_is_in_the_catalogue() throws IOException {
    Set<String> given = matches(GIVEN, sources());

    assertThat(given).hasSizeGreaterThan(80);
    assertThat(codes()).containsAll(given);
  }

  @Test
  void every_code_of_the_catalogue_is_in_the_sources() throws IOException {
    String sources = sources();

    assertThat(codes()).allMatch(code -> sources.contains('"' + code + '"'));
    assertThat(matches(LOOKS_LIKE_ONE, sources)).hasSizeGreaterThan(80);
  }

  @Test
  void no_code_is_listed_twice_and_every_one_says_what_to_do() {
    assertThat(codes()).doesNotHaveDuplicates();
    assertThat(CodeCatalog.entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.code()).matches("[A-Z][A-Z0-9_]*");
              assertThat(entry.meaning()).isNotBlank();
              assertThat(entry.action()).isNotBlank();
            });
  }

  @Test
  void the_documentation_lists_the_catalogue_word_for_word() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Entry entry : CodeCatalog.entries()) {
        if (entry.kind() == kind) {
          expected.add(
              "| `%s` | %s | %s |".formatted(entry.code(), entry.meaning(), entry.action()));
        }
      }
    }

    List<String> rows =
        Files.readAllLines(ROOT.resolve("docs/codes.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(rows).containsExactlyElementsOf(expected);
  }
}
