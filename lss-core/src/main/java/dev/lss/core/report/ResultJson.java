package dev.lss.core.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.StageTiming;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.core.measure.LabelStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Writes a result as JSON, schema {@code lss-result/1}; docs/result-json.md explains every field.
 *
 * <p>The document lists what was found: a structure without voxels has no entry. A value that is
 * not defined is {@code null}, with a reason code in {@code undefinedReason} beside it. Numbers are
 * written with all their digits and a point, whatever the locale; text is UTF-8. The order of the
 * fields is fixed. Nothing in it comes from file names or from a patient.
 */
public final class ResultJson {

  /** Name and version of the schema. */
  public static final String SCHEMA = "lss-result/1";

  /** The sentence that every result carries. */
  public static final String NOTICE =
      "Not a medical device. For research only; not for diagnosis or treatment.";

  /** The stages of {@code timingsMs} that every result lists, in the order of the flow. */
  public static final List<String> STAGES =
      List.of(
          "read",
          "open",
          "localize",
          "preprocess",
          "network",
          "blend",
          "resample",
          "postprocess",
          "measure",
          "write",
          "total");

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /**
   * Returns the document as UTF-8 bytes that end with a line feed.
   *
   * @param result what was found
   * @param presentation how its task writes measurements
   * @param callerTimings wall time of the stages around the segmentation, such as {@code read},
   *     {@code write} and {@code total}; a stage that is also in the result is summed
   * @param peakMemoryBytes resident peak of the process, see {@link PeakMemory}; empty becomes null
   */
  public static byte[] write(
      SegmentationResult result,
      Presentation presentation,
      List<StageTiming> callerTimings,
      OptionalLong peakMemoryBytes) {
    return write(
        List.of(result),
        json -> presentation.json(result.measurements(), json),
        callerTimings,
        peakMemoryBytes);
  }

  /**
   * Returns the document of a clip, likewise: labels and timings are summed over the frames, and a
   * notice that several frames give is listed once.
   *
   * @param frames what was found in each frame, at least one
   * @param measurements writes the object {@code measurements}
   * @param callerTimings as for {@link #write(SegmentationResult, Presentation, List,
   *     OptionalLong)}
   * @param peakMemoryBytes likewise
   */
  public static byte[] write(
      List<SegmentationResult> frames,
      Consumer<JsonObject> measurements,
      List<StageTiming> callerTimings,
      OptionalLong peakMemoryBytes) {
    SegmentationResult whole = Frames.together(frames);
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("notice", NOTICE);
    root.put("task", whole.task());
    whole.segmented().ifPresent(role -> root.put("segmentedSeries", role.key()));
    labels(root.putArray("labels"), frames);
    measurements.accept(new JsonObject(root.putObject("measurements")));
    ArrayNode notices = root.putArray("notices");
    whole
        .notices()
        .forEach(n -> notices.addObject().put("code", n.code()).put("message", n.message()));
    provenance(root.putObject("provenance"), whole.provenance());
    List<StageTiming> timings = new ArrayList<>(whole.timings());
    timings.addAll(callerTimings);
    timings(root.putObject("timingsMs"), timings);
    if (peakMemoryBytes.isPresent()) {
      root.put("peakMemoryBytes", peakMemoryBytes.getAsLong());
    } else {
      root.putNull("peakMemoryBytes");
    }
    return bytes(root);
  }

  /** Voxels of all frames together. */
  private static void labels(ArrayNode labels, List<SegmentationResult> frames) {
    List<List<LabelStatistics>> found =
        frames.stream().map(frame -> LabelStatistics.of(frame.labels())).toList();
    for (LabelTable.Entry entry : frames.get(0).labelTable().entries()) {
      long voxels = 0;
      double volumeMm3 = 0;
      boolean atBorder = false;
      for (List<LabelStatistics> frame : found) {
        Optional<LabelStatistics> label = LabelStatistics.find(frame, entry.value());
        voxels += label.map(LabelStatistics::voxels).orElse(0L);
        volumeMm3 += label.map(LabelStatistics::volumeMm3).orElse(0.0);
        atBorder |= label.map(LabelStatistics::touchesBorder).orElse(false);
      }
      if (voxels > 0) {
        label(labels.addObject(), entry, voxels, volumeMm3, atBorder);
      }
    }
  }

  private static void label(
      ObjectNode node, LabelTable.Entry entry, long voxels, double volumeMm3, boolean atBorder) {
    Structure structure = entry.structure();
    node.put("value", entry.value());
    node.put("key", structure.key());
    node.put("name", structure.displayName());
    code(node, structure.code());
    node.put("voxels", voxels);
    if (Double.isNaN(volumeMm3)) {
      node.putNull("volumeMm3");
      node.put("undefinedReason", "IMAGE_PLANE");
    } else {
      node.put("volumeMm3", volumeMm3);
    }
    node.put("touchesBorder", atBorder);
  }

  private static void code(ObjectNode node, Optional<CodedConcept> code) {
    if (code.isPresent()) {
      node.putObject("code")
          .put("scheme", code.get().scheme())
          .put("value", code.get().value())
          .put("meaning", code.get().meaning());
    } else {
      node.putNull("code");
    }
  }

  private static void provenance(ObjectNode node, Provenance provenance) {
    node.put("library", provenance.library());
    ArrayNode models = node.putArray("models");
    for (Provenance.ModelRef model : provenance.models()) {
      models
          .addObject()
          .put("id", model.id())
          .put("version", model.version())
          .put("sha256", model.sha256());
    }
    if (provenance.backend().isPresent()) {
      Provenance.BackendRef backend = provenance.backend().get();
      node.putObject("backend")
          .put("id", backend.id())
          .put("version", backend.version())
          .put("device", backend.device());
    } else {
      node.putNull("backend");
    }
    node.put("threads", provenance.threads());
    node.put("precision", provenance.precision());
    ArrayNode inputs = node.putArray("inputs");
    provenance.inputs().forEach(input -> inputs.addObject().put("sha256", input.sha256()));
  }

  private static void timings(ObjectNode node, List<StageTiming> timings) {
    STAGES.forEach(node::putNull);
    for (StageTiming timing : timings) {
      double ms = node.path(timing.stage()).asDouble(0) + timing.elapsed().toNanos() / 1e6;
      node.put(timing.stage(), Math.rint(ms * 1000) / 1000);
    }
  }

  private static byte[] bytes(ObjectNode root) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return (JSON.writer(printer).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }
}
