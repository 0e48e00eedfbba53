package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.StageNetwork;
import dev.lss.core.model.ModelPackage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss models}: the model packages at hand, with task, version, licence and size. */
@Command(
    name = "models",
    sortOptions = false,
    customSynopsis = "lss models [--json] [--verbose]",
    header = "Lists the bundled models with version, licence and intended use.",
    description = {
      "",
      "Every file of a package is checked against its manifest; no runtime is",
      "loaded. A damaged package is listed with the reason. Exit code 5 when one",
      "is damaged or there is none.",
      ""
    },
    footer = {"", "Example: lss models --json"})
final class ModelsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON for scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ClassLoader loader = ModelsCommand.class.getClassLoader();
    PrintWriter out = spec.commandLine().getOut();
    ArrayNode list = new ObjectMapper().createArrayNode();
    boolean sound = true;
    for (String id : ModelPackage.bundledIds(loader)) {
      sound &= describe(id, loader, list.addObject().put("id", id));
    }
    if (json) {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(list));
    } else {
      list.forEach(node -> print(node, out));
      if (list.isEmpty()) {
        out.println("no model is on the class path; add dev.lss:lss-models");
      }
    }
    out.flush();
    return sound && !list.isEmpty() ? ExitCode.DONE : ExitCode.MODEL_OR_BACKEND;
  }

  private static boolean describe(String id, ClassLoader loader, ObjectNode node)
      throws IOException {
    try {
      ModelPackage opened = ModelPackage.bundled(id, loader);
      ModelDescription model = opened.description();
      node.put("available", true)
          .put("version", model.version())
          .put("title", model.title())
          .put("task", model.task())
          .put("license", model.license())
          .put("networks", networks(model))
          .put("sizeBytes", opened.sizeBytes())
          .put("sha256", opened.sha256())
          .put("intendedUse", model.intendedUse())
          .put("trainingData", model.trainingData());
      return true;
    } catch (ModelException e) {
      node.put("available", false).put("code", e.code()).put("reason", e.getMessage());
      return false;
    }
  }

  /** Names what the networks are: layers run anywhere, a file needs a backend that opens it. */
  private static String networks(ModelDescription model) {
    return model.stages().stream()
        .map(
            stage ->
                stage.network() instanceof StageNetwork.Opaque opaque
                    ? opaque.format() + " file"
                    : "layers")
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static void print(JsonNode node, PrintWriter out) {
    if (!node.path("available").asBoolean()) {
      out.printf("%s  unavailable: %s%n", text(node, "id"), text(node, "reason"));
      return;
    }
    out.printf("%s %s  %s%n", text(node, "id"), text(node, "version"), text(node, "title"));
    out.printf("  task          %s%n", text(node, "task"));
    out.printf("  licence       %s%n", text(node, "license"));
    out.printf("  networks      %s%n", text(node, "networks"));
    out.printf("  size          %s kB%n", node.path("sizeBytes").asLong() / 1000);
    out.printf("  intended use  %s%n", text(node, "intendedUse"));
    out.printf("  trained on    %s%n", text(node, "trainingData"));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
