package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  private static final Path ROOT = Path.of("..");

  @Test
  void the_code_in_the_readme_is_the_code_that_the_build_compiles() throws IOException {
    List<String> code =
        between(
            ROOT.resolve("lss-examples/src/main/java/dev/lss/examples/QuickStart.java"),
            "    // README: begin",
            "    // README: end");

    assertThat(between(ROOT.resolve("README.md"), "```java", "```"))
        .isEqualTo(code.stream().map(line -> line.substring(4)).toList());
  }

  @Test
  void the_first_30_lines_hold_what_a_visitor_looks_for() throws IOException {
    try (Stream<String> lines = Files.lines(ROOT.resolve("README.md"))) {
      assertThat(lines.limit(30).toList().toString())
          .contains(
              "docs/demo.png", "Segmenters.forTask", "dev.lss:lss-core", "Not a medical device");
    }
  }

  @Test
  void every_local_link_of_the_documents_leads_to_a_file() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> documents = Stream.concat(docs, Stream.of(ROOT.resolve("README.md")))) {
      for (Path document : documents.filter(d -> d.toString().endsWith(".md")).toList()) {
        for (String target : links(Files.readString(document))) {
          assertThat(document.resolveSibling(target)).as("link in " + document).exists();
        }
      }
    }
  }

  private static List<String> links(String markdown) {
    return Pattern.compile("\\]\\(([^)#]+)[^)]*\\)")
        .matcher(markdown)
        .results()
        .map(match -> match.group(1))
        .filter(target -> !target.contains("://"))
        .toList();
  }

  private static List<String> between(Path file, String begin, String end) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int first = lines.indexOf(begin) + 1;
    List<String> rest = lines.subList(first, lines.size());
    return rest.subList(0, rest.indexOf(end));
  }
}
