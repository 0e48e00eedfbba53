package dev.lss.examples.contract;

import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import dev.lss.examples.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** With a model of one layer, which marks what is above 50: the half of the image behind. */
class SegmentContractIT extends SegmenterContract {

  private static final Extents EXTENTS = new Extents(48, 40, 44);

  @Override
  String taskId() {
    return Tasks.SEGMENT;
  }

  @Override
  Model model(Path empty) throws IOException {
    return ModelPackage.open(
        TinyModel.write(empty, Tasks.SEGMENT, "marked", List.of(SeriesRole.T2), -50, 1));
  }

  @Override
  Series image() {
    float[] samples = new float[EXTENTS.voxels()];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = n / EXTENTS.i() % EXTENTS.j() < 20 ? 0 : 100;
    }
    return Series.of(
        SeriesRole.T2, Volume.wrap(GridGeometry.ofSpacing(EXTENTS, new Vector3(1, 1, 1)), samples));
  }

  @Override
  GridGeometry otherGrid() {
    return GridGeometry.ofSpacing(new Extents(20, 20, 20), new Vector3(2, 2, 2.5));
  }
}
