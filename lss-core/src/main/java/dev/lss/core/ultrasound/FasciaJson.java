package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.LengthUnit;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.Structure;
import dev.lss.core.report.JsonObject;
import dev.lss.core.ultrasound.FasciaSummary.Statistic;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The fields about fascia in {@code result.json}. Every length has a name that ends in {@code Mm}
 * and a twin that ends in {@code Px}; the one that is not known is null.
 */
final class FasciaJson {

  private FasciaJson() {}

  static void layer(FasciaMeasurement layer, JsonObject node, boolean withProfile) {
    LengthUnit unit = layer.unit();
    node.put("key", new Structure.Fascia(layer.layer()).key());
    twins(node, "thickness", unit, n -> thickness(n, layer.thickness()));
    twin(node, "verticalThickness", unit, layer.thickness().verticalMean());
    twin(node, "length", unit, layer.length());
    node.put("angleDeg", layer.angleDeg());
    twin(node, "depth", unit, layer.depth());
    node.put("echoIntensity", layer.echo().fascia());
    node.put("muscleEchoIntensity", layer.echo().muscle());
    node.put("echoRatio", layer.echo().ratio());
    if (layer.echo().muscle().isEmpty()) {
      node.put("undefinedReason", "NO_MUSCLE_BELOW");
    }
    node.put("saturatedShare", layer.echo().saturatedShare());
    node.put("fragments", layer.fragments());
    node.put("branches", layer.branches());
    if (withProfile) {
      twins(node, "profile", unit, n -> profile(n, layer.centreLine()));
    }
  }

  /** Everything about a clip: one entry for each frame, in order, and a summary. */
  static void clip(FasciaClip clip, JsonObject measurements) {
    List<Integer> numbers = IntStream.range(0, clip.frames().size()).boxed().toList();
    measurements.put("frames", numbers, (f, node) -> frame(f, clip.frames().get(f), node));
    measurements.put("summary", node -> summary(clip, node));
  }

  private static void frame(int number, SegmentationResult frame, JsonObject node) {
    node.put("frame", number);
    node.put(
        "fascia",
        frame.measurements().of(FasciaMeasurement.class),
        (layer, entry) -> layer(layer, entry, false));
    node.putTexts("notices", frame.notices().stream().map(Notice::code).toList());
  }

  private static void summary(FasciaClip clip, JsonObject node) {
    node.put("frames", clip.frames().size());
    node.put(
        "framesWithFascia",
        clip.frames().stream()
            .filter(f -> !f.measurements().of(FasciaMeasurement.class).isEmpty())
            .count());
    node.put("fascia", clip.summary(), FasciaJson::summary);
  }

  private static void summary(FasciaSummary layer, JsonObject entry) {
    entry.put("key", new Structure.Fascia(layer.layer()).key());
    entry.put("frames", layer.frames());
    twins(entry, "thickness", layer.unit(), n -> statistic(n, layer.thickness()));
    twins(entry, "length", layer.unit(), n -> statistic(n, layer.length()));
    twins(entry, "depth", layer.unit(), n -> statistic(n, layer.depth()));
    entry.put("echoIntensity", n -> statistic(n, layer.echoIntensity()));
  }

  private static void thickness(JsonObject node, Thickness thickness) {
    node.put("mean", thickness.mean())
        .put("sd", thickness.sd())
        .put("min", thickness.min())
        .put("max", thickness.max())
        .put("median", thickness.median())
        .put("percentile5", thickness.percentile5())
        .put("percentile95", thickness.percentile95())
        .put("points", thickness.points());
  }

  private static void statistic(JsonObject node, Statistic statistic) {
    node.put("mean", statistic.mean())
        .put("sd", statistic.sd())
        .put("min", statistic.min())
        .put("max", statistic.max());
  }

  /** Arc lengths and thicknesses of the points at which thickness was measured. */
  private static void profile(JsonObject node, List<CentrePoint> line) {
    List<CentrePoint> measured =
        line.stream().filter(point -> !Double.isNaN(point.thickness())).toList();
    node.putNumbers("arc", measured.stream().mapToDouble(CentrePoint::arc).toArray());
    node.putNumbers("thickness", measured.stream().mapToDouble(CentrePoint::thickness).toArray());
  }

  private static void twins(
      JsonObject node, String name, LengthUnit unit, Consumer<JsonObject> fill) {
    for (LengthUnit one : LengthUnit.values()) {
      if (one == unit) {
        node.put(name + one.suffix(), fill);
      } else {
        node.putNull(name + one.suffix());
      }
    }
  }

  private static void twin(JsonObject node, String name, LengthUnit unit, double value) {
    for (LengthUnit one : LengthUnit.values()) {
      if (one == unit) {
        node.put(name + one.suffix(), value);
      } else {
        node.putNull(name + one.suffix());
      }
    }
  }
}
