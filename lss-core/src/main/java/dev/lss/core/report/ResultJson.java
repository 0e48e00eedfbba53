package dev.lss.core.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ClipResult;
import dev.lss.api.Provenance;
import dev.lss.api.SegmentationResult;
import dev.lss.api.StageTiming;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.core.measure.LabelStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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

  /** The stages of {@code timingsMs}, in the order of the flow. */
  public static final List<String> STAGES =
      List.of(
          "read",
          "localize",
          "preprocess",
          "network",
          "stitch",
          "resample",
          "measure",
          "write",
          "total");

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /**
   * Returns the document as UTF-8 bytes that end with a line feed.
   *
   * @param result what was found
   * @param callerTimings wall time of the stages around the segmentation, such as {@code read},
   *     {@code write} and {@code total}; a stage that is also in the result is summed
   * @param peakMemoryBytes resident peak of the process, see {@link PeakMemory}; empty becomes null
   * @throws IllegalArgumentException for a stage that is not in {@link #STAGES}
   */
  public static byte[] write(
      SegmentationResult result, List<StageTiming> callerTimings, OptionalLong peakMemoryBytes) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("notice", NOTICE);
    root.put("task", result.task());
    labels(root.putArray("labels"), result);
    ObjectNode measurements = root.putObject("measurements");
    ArrayNode vertebrae = measurements.putArray("vertebrae");
    result.measurements().vertebrae().forEach(v -> vertebra(vertebrae.addObject(), v));
    FasciaJson.layers(measurements.putArray("fascia"), result.measurements().fascia(), true);
    return finish(root, result, callerTimings, peakMemoryBytes);
  }

  /**
   * Returns the document of a clip: {@code measurements} holds {@code frames} and {@code summary},
   * labels and timings are summed over the frames, and a notice that several frames give is listed
   * once.
   *
   * @param clip what was found
   * @param callerTimings as for {@link #write}
   * @param peakMemoryBytes as for {@link #write}
   */
  public static byte[] writeClip(
      ClipResult clip, List<StageTiming> callerTimings, OptionalLong peakMemoryBytes) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("notice", NOTICE);
    SegmentationResult whole = WholeClip.of(clip);
    root.put("task", whole.task());
    clipLabels(root.putArray("labels"), clip);
    ObjectNode measurements = root.putObject("measurements");
    FasciaJson.frames(measurements.putArray("frames"), clip);
    FasciaJson.summary(measurements.putObject("summary"), clip);
    return finish(root, whole, callerTimings, peakMemoryBytes);
  }

  private static byte[] finish(
      ObjectNode root,
      SegmentationResult result,
      List<StageTiming> callerTimings,
      OptionalLong peakMemoryBytes) {
    ArrayNode notices = root.putArray("notices");
    result
        .notices()
        .forEach(n -> notices.addObject().put("code", n.code()).put("message", n.message()));
    provenance(root.putObject("provenance"), result.provenance());
    List<StageTiming> timings = new ArrayList<>(result.timings());
    timings.addAll(callerTimings);
    timings(root.putObject("timingsMs"), timings);
    if (peakMemoryBytes.isPresent()) {
      root.put("peakMemoryBytes", peakMemoryBytes.getAsLong());
    } else {
      root.putNull("peakMemoryBytes");
    }
    return bytes(root);
  }

  private static void labels(ArrayNode labels, SegmentationResult result) {
    List<LabelStatistics> found = LabelStatistics.of(result.labels());
    for (LabelTable.Entry entry : result.labelTable().entries()) {
      Optional<LabelStatistics> statistics = LabelStatistics.find(found, entry.value());
      if (statistics.isPresent()) {
        label(
            labels.addObject(),
            entry,
            statistics.get().voxels(),
            statistics.get().volumeMm3(),
            statistics.get().touchesBorder());
      }
    }
  }

  /** Pixels of all frames together. */
  private static void clipLabels(ArrayNode labels, ClipResult clip) {
    for (LabelTable.Entry entry : clip.frames().get(0).labelTable().entries()) {
      long pixels = 0;
      boolean atBorder = false;
      for (SegmentationResult frame : clip.frames()) {
        Optional<LabelStatistics> found =
            LabelStatistics.find(LabelStatistics.of(frame.labels()), entry.value());
        pixels += found.map(LabelStatistics::voxels).orElse(0L);
        atBorder |= found.map(LabelStatistics::touchesBorder).orElse(false);
      }
      if (pixels > 0) {
        label(labels.addObject(), entry, pixels, Double.NaN, atBorder);
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

  private static void vertebra(ObjectNode node, VertebraMeasurement vertebra) {
    node.put("key", new Structure.Vertebra(vertebra.level()).key());
    node.put("volumeMm3", vertebra.volumeMm3());
    node.putArray("centroidMm")
        .add(vertebra.centroidMm().x())
        .add(vertebra.centroidMm().y())
        .add(vertebra.centroidMm().z());
    node.put("meanHu", vertebra.meanHu());
    if (vertebra.bodyMeanHu().isPresent()) {
      node.put("bodyMeanHu", vertebra.bodyMeanHu().getAsDouble());
    } else {
      node.putNull("bodyMeanHu");
      node.put("undefinedReason", vertebra.touchesBorder() ? "PARTIAL_VIEW" : "NO_BODY_CORE");
    }
    node.put("touchesBorder", vertebra.touchesBorder());
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
      if (!STAGES.contains(timing.stage())) {
        throw new IllegalArgumentException(
            "a stage is one of %s, was %s".formatted(STAGES, timing.stage()));
      }
      double ms = node.get(timing.stage()).asDouble(0) + timing.elapsed().toNanos() / 1e6;
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
