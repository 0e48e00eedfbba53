package dev.lss.examples.contract;

import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.bench.PhantomSize;
import dev.lss.core.image.Resample;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;

class CtVertebraeContractIT extends SegmenterContract {

  private static final Volume CT = PhantomSize.SMALL.ct();

  @Override
  String taskId() {
    return Tasks.CT_VERTEBRAE;
  }

  @Override
  Model model(Path empty) throws IOException {
    return ModelPackage.bundled(Tasks.CT_VERTEBRAE, getClass().getClassLoader());
  }

  @Override
  Series image() {
    return Series.of(SeriesRole.CT, CT);
  }

  @Override
  GridGeometry otherGrid() {
    GridGeometry grid = CT.geometry();
    return Resample.geometryFor(grid, Resample.extentsFor(grid, new Vector3(4, 4, 5)));
  }
}
