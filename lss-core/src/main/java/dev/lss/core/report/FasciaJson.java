package dev.lss.core.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lss.api.ClipResult;
import dev.lss.api.FasciaMeasurement;
import dev.lss.api.FasciaMeasurement.CentrePoint;
import dev.lss.api.FasciaMeasurement.Thickness;
import dev.lss.api.FasciaSummary;
import dev.lss.api.FasciaSummary.Statistic;
import dev.lss.api.LengthUnit;
import dev.lss.api.SegmentationResult;
import dev.lss.api.anatomy.Structure;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The fields about fascia in {@code result.json}. Every length has a name that ends in {@code Mm}
 * and a twin that ends in {@code Px}; the one that is not known is null.
 */
final class FasciaJson {

  private FasciaJson() {}

  static void layers(ArrayNode list, List<FasciaMeasurement> layers, boolean withProfile) {
    for (FasciaMeasurement layer : layers) {
      ObjectNode node = list.addObject();
      LengthUnit unit = layer.unit();
      node.put("key", new Structure.Fascia(layer.layer()).key());
      twins(node, "thickness", unit, n -> thickness(n, layer.thickness()));
      twin(node, "verticalThickness", unit, layer.thickness().verticalMean());
      twin(node, "length", unit, layer.length());
      node.put("angleDeg", layer.angleDeg());
      twin(node, "depth", unit, layer.depth());
      node.put("echoIntensity", layer.echo().fascia());
      optional(node, "muscleEchoIntensity", layer.echo().muscle());
      optional(node, "echoRatio", layer.echo().ratio());
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
  }

  /** One entry for each frame, in order. */
  static void frames(ArrayNode frames, ClipResult clip) {
    for (int f = 0; f < clip.frames().size(); f++) {
      SegmentationResult frame = clip.frames().get(f);
      ObjectNode node = frames.addObject();
      node.put("frame", f);
      layers(node.putArray("fascia"), frame.measurements().fascia(), false);
      ArrayNode notices = node.putArray("notices");
      frame.notices().forEach(notice -> notices.add(notice.code()));
    }
  }

  static void summary(ObjectNode node, ClipResult clip) {
    node.put("frames", clip.frames().size());
    node.put(
        "framesWithFascia",
        clip.frames().stream().filter(f -> !f.measurements().fascia().isEmpty()).count());
    ArrayNode layers = node.putArray("fascia");
    for (FasciaSummary layer : clip.summary()) {
      ObjectNode entry = layers.addObject();
      entry.put("key", new Structure.Fascia(layer.layer()).key());
      entry.put("frames", layer.frames());
      twins(entry, "thickness", layer.unit(), n -> statistic(n, layer.thickness()));
      twins(entry, "length", layer.unit(), n -> statistic(n, layer.length()));
      twins(entry, "depth", layer.unit(), n -> statistic(n, layer.depth()));
      statistic(entry.putObject("echoIntensity"), layer.echoIntensity());
    }
  }

  private static void thickness(ObjectNode node, Thickness thickness) {
    node.put("mean", thickness.mean())
        .put("sd", thickness.sd())
        .put("min", thickness.min())
        .put("max", thickness.max())
        .put("median", thickness.median())
        .put("percentile5", thickness.percentile5())
        .put("percentile95", thickness.percentile95())
        .put("points", thickness.points());
  }

  private static void statistic(ObjectNode node, Statistic statistic) {
    node.put("mean", statistic.mean())
        .put("sd", statistic.sd())
        .put("min", statistic.min())
        .put("max", statistic.max());
  }

  /** Arc lengths and thicknesses of the points at which thickness was measured. */
  private static void profile(ObjectNode node, List<CentrePoint> line) {
    ArrayNode arc = node.putArray("arc");
    ArrayNode thickness = node.putArray("thickness");
    for (CentrePoint point : line) {
      if (!Double.isNaN(point.thickness())) {
        arc.add(point.arc());
        thickness.add(point.thickness());
      }
    }
  }

  private static void twins(
      ObjectNode node, String name, LengthUnit unit, Consumer<ObjectNode> fill) {
    for (LengthUnit one : LengthUnit.values()) {
      if (one == unit) {
        fill.accept(node.putObject(name + one.suffix()));
      } else {
        node.putNull(name + one.suffix());
      }
    }
  }

  private static void twin(ObjectNode node, String name, LengthUnit unit, double value) {
    for (LengthUnit one : LengthUnit.values()) {
      if (one == unit) {
        node.put(name + one.suffix(), value);
      } else {
        node.putNull(name + one.suffix());
      }
    }
  }

  private static void optional(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }
}
