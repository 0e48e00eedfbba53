package dev.lss.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.LssException;
import dev.lss.api.Notice;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.core.io.NonFiniteRule;
import dev.lss.core.model.ModelPackage;
import dev.lss.core.task.SeriesNeed;
import dev.lss.core.task.Task;
import dev.lss.core.volume.VolumeImage;
import dev.lss.dicom.DicomScan;
import dev.lss.dicom.DicomSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lss inspect}: what is in a file or folder, and what can be done with it. */
@Command(
    name = "inspect",
    sortOptions = false,
    customSynopsis = "lss inspect PATH [--json] [--verbose]",
    header = "Lists the series of a DICOM folder, or the grid of an image.",
    description = {
      "",
      "PATH is a folder, zip or file of DICOM, or a NIfTI, NRRD or MetaImage file. Of",
      "each series: what it shows, where it lies, what is doubtful or why it cannot be",
      "read, and the tasks with a bundled model that take it. No pixel is read from",
      "DICOM, and nothing of a patient is printed.",
      ""
    },
    footer = {"", "Example: lss inspect examination"})
final class InspectCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "A file, a folder or a zip.")
  private Path path;

  @Option(names = "--json", description = "Print JSON for scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ArrayNode series = root.putArray("series");
    List<Notice> notices;
    ArrayNode problems = root.putArray("problems");
    if (DicomInput.isOne(path)) {
      DicomScan scan = DicomInput.scan(path);
      for (DicomSeries one : scan.series()) {
        dicom(series.addObject(), one);
      }
      scan.problems().forEach(e -> problem(problems.addObject(), e));
      notices = scan.notices();
    } else {
      VolumeImage image = InputFile.readImage(path, NonFiniteRule.SMALLEST);
      ObjectNode node = series.addObject().put("what", "image");
      node.put("grid", image.volume().geometry().describe());
      notices(node.putArray("notices"), image.notices());
      notices = List.of();
    }
    notices(root.putArray("notices"), notices);
    print(root);
    return ExitCode.DONE;
  }

  private static void dicom(ObjectNode node, DicomSeries series) throws IOException {
    node.put("what", series.toString()).put("modality", series.modality());
    series.number().ifPresent(number -> node.put("number", number));
    series.role().ifPresent(role -> node.put("role", role.key()));
    node.put("part", series.part())
        .put("kind", series.kind().name().toLowerCase(Locale.ROOT))
        .put("pictures", series.pictures());
    notices(node.putArray("notices"), series.notices());
    if (series.problem().isPresent()) {
      problem(node.putObject("problem"), series.problem().get());
      return;
    }
    GridGeometry grid = series.geometry();
    node.put("grid", grid.describe());
    ArrayNode tasks = node.putArray("tasks");
    if (series.role().isPresent()) {
      tasks(series.role().get(), series.kind()).forEach(tasks::add);
    }
  }

  /** Returns the ids of the tasks whose bundled model takes such an image. */
  private static List<String> tasks(SeriesRole role, DicomSeries.Kind kind) throws IOException {
    ClassLoader loader = InspectCommand.class.getClassLoader();
    List<String> bundled = ModelPackage.bundledIds(loader);
    List<String> fitting = new ArrayList<>();
    for (Task task : TaskName.catalog().all()) {
      if (bundled.contains(task.id())) {
        for (SeriesNeed need : task.needs(ModelPackage.bundled(task.id(), loader).description())) {
          boolean isVolume = kind == DicomSeries.Kind.VOLUME;
          boolean fits = isVolume ? need.kind().takesVolumes() : need.kind().takesPictures();
          if (need.role().equals(role) && fits) {
            fitting.add(task.id());
          }
        }
      }
    }
    return fitting;
  }

  private static void notices(ArrayNode list, List<Notice> notices) {
    notices.forEach(n -> list.addObject().put("code", n.code()).put("message", n.message()));
  }

  private static void problem(ObjectNode node, LssException e) {
    node.put("code", e.code()).put("message", e.getMessage());
  }

  private void print(ObjectNode root) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(root.toPrettyString());
      out.flush();
      return;
    }
    int number = 1;
    for (JsonNode node : root.path("series")) {
      out.printf("%s  %s%n", number++, node.path("what").asText());
      Optional.of(node.path("grid").asText())
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> out.printf("   %s%n", text));
      if (node.has("tasks")) {
        List<String> tasks = new ArrayList<>();
        node.path("tasks").forEach(task -> tasks.add(task.asText()));
        out.printf(
            "   %s%n",
            tasks.isEmpty()
                ? "no task of a bundled model takes it"
                : "for " + String.join(", ", tasks));
      }
      if (node.has("problem")) {
        line(out, "   cannot be read: ", node.path("problem"));
      }
      node.path("notices").forEach(notice -> line(out, "   ", notice));
    }
    root.path("problems").forEach(problem -> line(out, "", problem));
    root.path("notices").forEach(notice -> line(out, "", notice));
    out.flush();
  }

  private static void line(PrintWriter out, String before, JsonNode said) {
    out.printf("%s%s: %s%n", before, said.path("code").asText(), said.path("message").asText());
  }
}
