package dev.lss.core.muscle;

import dev.lss.api.AttenuationClasses;
import dev.lss.api.FatMethod;
import dev.lss.api.FatShare;
import dev.lss.api.MuscleComposition;
import dev.lss.api.MuscleSection;
import dev.lss.core.report.JsonObject;
import java.util.OptionalDouble;

/** The fields of a muscle in {@code result.json}. */
final class MuscleJson {

  private MuscleJson() {}

  static void put(MuscleComposition muscle, JsonObject node) {
    node.put("key", muscle.structure().key())
        .put("voxels", muscle.voxels())
        .put("volumeMl", muscle.volumeMm3() / 1000)
        .put("lengthMm", muscle.lengthMm())
        .put("meanCsaMm2", muscle.meanCsaMm2())
        .put("fatFraction", muscle.fatFraction())
        .put("fatMethod", muscle.fatMethod().name());
    muscle.fatUndefined().ifPresent(reason -> node.put("undefinedReason", reason));
    node.put("fatFractionOfSums", muscle.fatFraction(FatMethod.DIXON_RATIO_OF_SUMS))
        .put("fatByMethod", muscle.fatShares(), MuscleJson::put)
        .put("biasFieldCorrected", muscle.biasFieldCorrected())
        .put("leanVolumeMl", perMl(muscle.leanVolumeMm3()))
        .put("volumeAsymmetryPercent", muscle.volumeAsymmetryPercent());
    muscle
        .attenuation()
        .ifPresent(classes -> node.put("attenuation", inner -> put(classes, inner)));
    node.put("slices", muscle.slices().size())
        .put("perSlice", muscle.slices(), MuscleJson::put)
        .put("perLevel", muscle.levels(), MuscleJson::put)
        .put("touchesBorder", muscle.touchesBorder());
  }

  private static OptionalDouble perMl(OptionalDouble mm3) {
    return mm3.isPresent() ? OptionalDouble.of(mm3.getAsDouble() / 1000) : mm3;
  }

  private static void put(FatShare share, JsonObject node) {
    node.put("method", share.method().name())
        .put("fraction", share.fraction())
        .put("undefinedFraction", share.undefined());
  }

  private static void put(AttenuationClasses classes, JsonObject node) {
    node.put("fat", classes.fat())
        .put("lowAttenuation", classes.lowAttenuation())
        .put("normalAttenuation", classes.normalAttenuation())
        .put("outside", classes.outside())
        .put("meanMuscleHu", classes.meanMuscleHu());
  }

  private static void put(MuscleSection section, JsonObject node) {
    section.level().ifPresent(level -> node.put("level", level.key()));
    section.slice().ifPresent(slice -> node.put("slice", slice));
    node.putNumbers(
            "centreMm", section.centreMm().x(), section.centreMm().y(), section.centreMm().z())
        .putNumbers("normal", section.normal().x(), section.normal().y(), section.normal().z())
        .put("csaMm2", section.areaMm2())
        .put("fatFraction", section.fatFraction())
        .put("leanCsaMm2", section.leanAreaMm2())
        .put("touchesBorder", section.touchesBorder());
  }
}
