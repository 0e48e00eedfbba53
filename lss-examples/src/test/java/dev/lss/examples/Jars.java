package dev.lss.examples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars that the build made, for tests that start a JVM of their own. */
public final class Jars {

  private Jars() {}

  /** Returns the command line's class path. */
  public static String all() throws IOException {
    return only(jar -> true);
  }

  /** Returns the jars whose file name passes, as a path. */
  public static String only(Predicate<String> name) throws IOException {
    String classPath = Files.readString(Path.of(System.getProperty("lss.classpath"))).strip();
    return Stream.concat(
            Stream.of(System.getProperty("lss.jar")),
            Stream.of(classPath.split(File.pathSeparator)))
        .filter(jar -> name.test(Path.of(jar).getFileName().toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns the command that starts a JVM like this one, headless, with these options. */
  public static List<String> java(String... options) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true"),
            Stream.of(options))
        .toList();
  }
}
