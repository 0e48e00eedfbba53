package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ModelException;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.core.task.TaskCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lss tasks}: what can be asked, and the images that each task takes. */
@Command(
    name = "tasks",
    sortOptions = false,
    customSynopsis = "lss tasks [--json] [--verbose]",
    header = "Lists the tasks and the images that each takes.",
    description = {
      "",
      "The images are those of the bundled model; a task without one takes the images",
      "that its --model asks for. Tasks of others are found on the class path; one",
      "that cannot be made is listed with the reason, and the exit code is then 5.",
      ""
    },
    footer = {"", "Example: lss tasks --json"})
final class TasksCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON for scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    TaskCatalog catalog = TaskName.catalog();
    ClassLoader loader = TasksCommand.class.getClassLoader();
    List<String> bundled = ModelPackage.bundledIds(loader);
    ArrayNode list = new ObjectMapper().createArrayNode();
    for (Task task : catalog.all()) {
      ObjectNode node = list.addObject().put("id", task.id()).put("available", true);
      node.put("title", task.title());
      Optional<ModelPackage> model =
          bundled.contains(task.id()) ? sound(task.id(), loader) : Optional.empty();
      if (model.isPresent()) {
        node.put("model", model.get().toString());
        needs(node.putArray("images"), task.needs(model.get().description()));
      } else {
        node.putNull("model").putNull("images");
      }
      node.put("measures", !task.measureNeeds().isEmpty());
    }
    for (String reason : catalog.broken()) {
      list.addObject().putNull("id").put("available", false).put("reason", reason);
    }
    print(list);
    return catalog.broken().isEmpty() ? ExitCode.DONE : ExitCode.MODEL_OR_BACKEND;
  }

  /** Returns the bundled model; a damaged one is for {@code lss models} to report. */
  private static Optional<ModelPackage> sound(String id, ClassLoader loader) throws IOException {
    try {
      return Optional.of(ModelPackage.bundled(id, loader));
    } catch (ModelException e) {
      return Optional.empty();
    }
  }

  private static void needs(ArrayNode images, List<SeriesNeed> needs) {
    for (SeriesNeed need : needs) {
      images
          .addObject()
          .put("role", need.role().key())
          .put("kind", need.kind().name().toLowerCase(Locale.ROOT))
          .put("optional", need.optional())
          .put("alternative", need.alternative());
    }
  }

  private void print(ArrayNode list) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(list));
    } else {
      int width = 0;
      for (JsonNode node : list) {
        width = Math.max(width, node.path("id").asText("?").length());
      }
      for (JsonNode node : list) {
        out.println(line(node, width));
      }
    }
    out.flush();
  }

  private static String line(JsonNode node, int width) {
    String id = node.path("id").asText("?");
    String what =
        node.path("available").asBoolean()
            ? node.path("title").asText() + "; takes " + images(node.path("images"))
            : "unavailable: " + node.path("reason").asText();
    return id + " ".repeat(width - id.length() + 2) + what;
  }

  private static String images(JsonNode images) {
    List<String> words = new ArrayList<>();
    List<String> oneOf = new ArrayList<>();
    for (JsonNode image : images) {
      String role = image.path("role").asText();
      if (image.path("alternative").asBoolean()) {
        oneOf.add(role);
      } else {
        words.add(role + (image.path("optional").asBoolean() ? " (optional)" : ""));
      }
    }
    if (!oneOf.isEmpty()) {
      words.add(0, "one or more of " + String.join(", ", oneOf));
    }
    return words.isEmpty() ? "what its --model asks for" : String.join(", ", words);
  }
}
