package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.bench.Machine;
import dev.lss.core.inference.Backends;
import dev.lss.spi.BackendStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss backends}: what can run networks here, and why something cannot. */
@Command(
    name = "backends",
    sortOptions = false,
    customSynopsis = "lss backends [--json] [--verbose]",
    header = "Lists the backends and tries each of them on this machine.",
    description = {
      "",
      "They are listed in the order of choice: unless --backend names one, the first",
      "that is available and has the device, the precision and the formats that are",
      "asked for runs the networks. docs/backends.md gives the reasons of the order;",
      "\"lss bench\" measures them here. A backend that does not work is listed with",
      "the reason, and one that was not fetched with how to add it. Exit code 5 when",
      "none works.",
      ""
    },
    footer = {"", "Example: lss backends --json"})
final class BackendsCommand implements Callable<Integer> {

  private static final String ORDER =
      """
      The order: onnx starts soonest, takes the least memory and leaves nothing on the disk; djl
      and tf are faster per image on many processors, so for many images in one process "lss bench"
      is worth its minutes.\
      """;

  /** What our backends are that may be left out, with the size of their download for Linux. */
  private static final Map<String, String> ON_DEMAND =
      new TreeMap<>(Map.of("djl", "PyTorch, 112 MB", "tf", "TensorFlow, 162 MB"));

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON for scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Backends backends = Backends.discover(BackendsCommand.class.getClassLoader());
    PrintWriter out = spec.commandLine().getOut();
    ArrayNode list = new ObjectMapper().createArrayNode();
    boolean any = false;
    for (Backends.Found found : backends.all()) {
      ObjectNode node = list.addObject();
      node.put("id", found.backend().id()).put("order", list.size());
      boolean available = describe(found, node);
      node.put("default", available && !any);
      any |= available;
    }
    for (String reason : backends.broken()) {
      list.addObject().putNull("id").put("available", false).put("reason", reason);
    }
    if (json) {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(list));
    } else {
      list.forEach(node -> out.println(line(node)));
      if (list.size() > 1) {
        out.println(ORDER);
      }
      if (any) {
        out.println(Machine.bf16());
      }
      ON_DEMAND.forEach((id, what) -> missing(id, what, list).ifPresent(out::println));
      if (list.isEmpty()) {
        out.println("no backend is on the class path; add dev.lss:lss-backend-onnx");
      }
    }
    out.flush();
    return any ? ExitCode.DONE : ExitCode.MODEL_OR_BACKEND;
  }

  private static String line(JsonNode node) {
    return node.path("available").asBoolean()
        ? "%s  %-6s  available    version %s, devices %s, precisions %s%s"
            .formatted(
                node.path("order").asInt(),
                node.path("id").asText(),
                node.path("version").asText(),
                words(node.path("devices")),
                words(node.path("precisions")),
                node.path("default").asBoolean() ? "; runs unless another is named" : "")
        : "%s  %-6s  unavailable  %s"
            .formatted(
                node.path("order").asText("-"),
                node.path("id").asText("?"),
                node.path("reason").asText());
  }

  /** Says how a backend of ours that is not here is added. */
  static Optional<String> missing(String id, String what, JsonNode list) {
    if (list.findValuesAsText("id").contains(id)) {
      return Optional.empty();
    }
    String how =
        Boolean.getBoolean("lss.launcher")
            ? "\"./lss --with %s backends\" fetches it, once".formatted(id)
            : "add dev.lss:lss-backend-%s and its native libraries".formatted(id);
    return Optional.of("-  %-6s  not here     %s; %s".formatted(id, what, how));
  }

  private static String words(JsonNode array) {
    List<String> words = new ArrayList<>();
    array.forEach(word -> words.add(word.asText()));
    return String.join(" ", words);
  }

  private static boolean describe(Backends.Found found, ObjectNode node) {
    BackendStatus status = found.status();
    if (status instanceof BackendStatus.Available available) {
      node.put("available", true);
      node.put("version", available.version());
      ArrayNode devices = node.putArray("devices");
      available.devices().forEach(device -> devices.add(device.toString()));
      ArrayNode precisions = node.putArray("precisions");
      found.backend().precisions().stream().sorted().forEach(p -> precisions.add(p.toString()));
      return true;
    }
    node.put("available", false);
    if (status instanceof BackendStatus.Unavailable unavailable) {
      node.put("reason", unavailable.reason());
    }
    return false;
  }
}
