package dev.lss.backend.tf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The operators that the graph of a SavedModel may have. Immutable. */
final class GraphOperators {

  private static final Set<String> NAMES = read();

  private GraphOperators() {}

  private static Set<String> read() {
    try (InputStream in = GraphOperators.class.getResourceAsStream("savedmodel-operators.txt")) {
      if (in == null) {
        throw new IllegalStateException("savedmodel-operators.txt is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ", -1)))
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean contains(String name) {
    return NAMES.contains(name);
  }
}
