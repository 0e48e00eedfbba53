package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.core.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A file that {@code --out} names: only one that LSS wrote is replaced. It is told by its JSON, or
 * by the JSON beside it, which name schema and hash.
 */
final class OutputFile {

  private static final long LARGEST_JSON = 1 << 24;

  private OutputFile() {}

  /**
   * Refuses a file that is no JSON of ours.
   *
   * @param schema the name of the schema, without its version
   */
  static void requireFreeJson(Path file, String schema, CommandLine line) {
    if (isThere(file) && !json(file).path("schema").asText().startsWith(schema + "/")) {
      throw refused(file, line);
    }
  }

  /**
   * Refuses a file, and the JSON beside it, unless the JSON is ours and names the hash of the file.
   *
   * @param schema the name of the schema, without its version
   */
  static void requireFreePair(Path file, Path json, String schema, CommandLine line) {
    requireFreeJson(json, schema, line);
    if (isThere(file) && !json(json).path("sha256").asText().equals(sha256(file))) {
      throw refused(file, line);
    }
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static JsonNode json(Path file) {
    ObjectMapper mapper = new ObjectMapper();
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST_JSON
          ? mapper.readTree(file.toFile())
          : mapper.missingNode();
    } catch (IOException e) {
      return mapper.missingNode(); // no JSON, so not ours
    }
  }

  private static String sha256(Path file) {
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(file)) {
      hash.addAll(in);
    } catch (IOException e) {
      return "unreadable";
    }
    return hash.hex();
  }

  private static ParameterException refused(Path file, CommandLine line) {
    return new ParameterException(
        line,
        ("--out: %s was not written by LSS, or was changed since, and is not replaced; move it"
                + " away or name another file")
            .formatted(file));
  }
}
