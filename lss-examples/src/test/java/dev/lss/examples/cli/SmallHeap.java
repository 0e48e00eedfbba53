package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs command lines one after the other in this process, which is started with little memory, and
 * prints what each gave as a line of JSON. Processor time is measured and not time on the wall, so
 * that a busy machine fails no test.
 */
final class SmallHeap {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MARK = "outcome: ";

  /** What a command line gave, and the processor time it took. */
  record Outcome(int exitCode, String out, String err, double seconds) {}

  private SmallHeap() {}

  /**
   * Runs command lines.
   *
   * @param args a file of JSON: a list of command lines, each a list of words
   */
  public static void main(String[] args) throws IOException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Cli.run("tasks"); // what a process does once is not the case's
    for (String[] words : MAPPER.readValue(Path.of(args[0]).toFile(), String[][].class)) {
      long start = system.getProcessCpuTime();
      Cli run = Cli.run((Object[]) words);
      double seconds = (system.getProcessCpuTime() - start) / 1e9;
      System.out.println(
          MARK
              + MAPPER.writeValueAsString(
                  new Outcome(run.exitCode(), run.out(), run.err(), seconds)));
    }
    System.out.flush();
    System.exit(0);
  }

  /** Returns the outcomes that a process printed, in the order of the command lines. */
  static List<Outcome> outcomes(String out) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (String line : out.lines().filter(l -> l.startsWith(MARK)).toList()) {
      JsonNode node = MAPPER.readTree(line.substring(MARK.length()));
      outcomes.add(
          new Outcome(
              node.path("exitCode").asInt(),
              node.path("out").asText(),
              node.path("err").asText(),
              node.path("seconds").asDouble()));
    }
    return outcomes;
  }

  /** Writes command lines into a file that {@link #main} reads. */
  static void write(Path file, List<List<Object>> lines) throws IOException {
    MAPPER.writeValue(
        file.toFile(),
        lines.stream().map(line -> line.stream().map(String::valueOf).toList()).toList());
  }

  /** Returns the words of a command line. */
  static List<Object> line(Object... words) {
    return Arrays.asList(words);
  }
}
