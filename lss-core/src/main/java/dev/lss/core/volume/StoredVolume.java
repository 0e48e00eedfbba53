package dev.lss.core.volume;

import dev.lss.api.Notice;
import dev.lss.api.image.GridGeometry;
import dev.lss.core.voxel.VoxelFault;
import dev.lss.core.voxel.VoxelInput;
import dev.lss.core.voxel.VoxelLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * A volume whose header was read and checked. Closes the voxels' file, which may be another one
 * than the header's.
 *
 * @param grid the grid
 * @param layout how voxels are stored
 * @param data the input, which stands at the first voxel
 * @param notices what was doubtful
 */
record StoredVolume(GridGeometry grid, VoxelLayout layout, VoxelInput data, List<Notice> notices)
    implements Closeable {

  StoredVolume {
    notices = List.copyOf(notices);
  }

  /**
   * Opens the file that a header names. Only a file beside it is taken: a header is no way to make
   * this program read any other file.
   *
   * @param where place of the name in the header, for messages
   */
  static VoxelInput beside(Path header, String name, String where, VoxelInput in)
      throws IOException {
    if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.contains("\0")) {
      throw VoxelFault.of(
          "BAD_HEADER",
          in.file(),
          "%s: the voxels must lie in a file beside the header, named without folder, was %s"
              .formatted(where, VoxelFault.shown(name)));
    }
    if (name.contains("%") || name.startsWith("LIST")) {
      throw VoxelFault.of(
          "UNSUPPORTED_HEADER",
          in.file(),
          "%s: voxels in several files are not read; convert to one file".formatted(where));
    }
    Path file = header.resolveSibling(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw VoxelFault.of(
          "MISSING_VOXELS",
          in.file(),
          "%s: the file of the voxels, %s, is not beside it"
              .formatted(where, VoxelFault.shown(name)));
    }
    return in.openBeside(file);
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
