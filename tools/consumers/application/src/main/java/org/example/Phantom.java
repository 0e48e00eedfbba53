package org.example;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.core.Segmenters;
import dev.lss.core.phantom.LumbarPhantom;

/** Segments a phantom and prints the levels found. */
public final class Phantom {

  private Phantom() {}

  /** Needs no arguments. */
  public static void main(String[] args) throws Exception {
    try (LumbarSegmenter segmenter = Segmenters.forTask(Tasks.CT_VERTEBRAE).build()) {
      SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(LumbarPhantom.demo().ct()));
      for (VertebraMeasurement v : result.measurements().of(VertebraMeasurement.class)) {
        System.out.print(v.level() + " ");
      }
      System.out.println(result.provenance().backend().orElseThrow().id());
    }
  }
}
