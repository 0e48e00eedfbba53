package dev.lss.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.examples.Forked;
import dev.lss.examples.Jars;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** JVMs of their own with parts of the class path of the tests. */
final class TestJvm {

  private static final String CACHE = "ENGINE_CACHE_DIR";

  private TestJvm() {}

  /** Returns the class path without the files whose name passes. */
  static String without(Predicate<String> fileName) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !fileName.test(new File(entry).getName()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns the class path whole. */
  static String whole() {
    return without(name -> false);
  }

  /** Returns the tests' folder of unpacked libraries of PyTorch, as an option for a JVM. */
  static String cache() {
    return "-D" + CACHE + "=" + System.getProperty(CACHE, System.getProperty("java.io.tmpdir"));
  }

  /** Runs a class of the tests to its end, which must be a good one. */
  static Forked run(
      Path folder, Class<?> main, String classPath, List<String> options, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(Jars.java("-XX:ErrorFile=" + folder.resolve("crash"), "-Xmx512m"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Forked run = Forked.run(folder, command);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}
