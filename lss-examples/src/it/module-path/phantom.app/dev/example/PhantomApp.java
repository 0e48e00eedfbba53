package dev.example;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.core.Segmenters;
import dev.lss.core.phantom.LumbarPhantom;

/** Segments a phantom and prints the module of the library and the levels found. */
public final class PhantomApp {

  private PhantomApp() {}

  public static void main(String[] args) throws Exception {
    System.out.println("module " + Segmenters.class.getModule().getName());
    try (LumbarSegmenter segmenter = Segmenters.forTask(Tasks.CT_VERTEBRAE).build()) {
      SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(LumbarPhantom.demo().ct()));
      result
          .measurements()
          .of(VertebraMeasurement.class)
          .forEach(v -> System.out.println("found " + v.level()));
      System.out.println("backend " + result.provenance().backend().orElseThrow().id());
    }
  }
}
