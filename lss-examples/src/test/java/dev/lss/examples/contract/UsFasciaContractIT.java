package dev.lss.examples.contract;

import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.Tasks;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import dev.lss.bench.LayeredPicture;
import dev.lss.core.model.Model;
import dev.lss.core.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;

class UsFasciaContractIT extends SegmenterContract {

  private static final Volume PICTURE = LayeredPicture.draw();

  @Override
  String taskId() {
    return Tasks.US_FASCIA;
  }

  @Override
  Model model(Path empty) throws IOException {
    return ModelPackage.bundled(Tasks.US_FASCIA, getClass().getClassLoader());
  }

  @Override
  Series image() {
    return Series.of(SeriesRole.ULTRASOUND, PICTURE);
  }

  @Override
  GridGeometry otherGrid() {
    return GridGeometry.imagePlane(320, 256, 0.16, 0.16);
  }
}
