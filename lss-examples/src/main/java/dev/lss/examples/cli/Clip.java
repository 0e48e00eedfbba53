package dev.lss.examples.cli;

import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.core.raster.RasterClip;
import dev.lss.dicom.DicomSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;

/** The frames of a clip, from pictures or from DICOM, each decoded when it is asked for. */
interface Clip {

  /** Returns the number of frames, at least 1. */
  int size();

  /** Returns one frame, from 0; every failure is one of the input. */
  Series frame(int index);

  /** Returns what is doubtful about all frames. */
  List<Notice> notices();

  /** Returns the frames as studies of one series. */
  default List<LumbarStudy> studies() {
    return new AbstractList<>() {
      @Override
      public LumbarStudy get(int index) {
        return LumbarStudy.of(frame(index));
      }

      @Override
      public int size() {
        return Clip.this.size();
      }
    };
  }

  /** Returns pictures as a clip; whoever opened them closes them. */
  static Clip of(SeriesRole role, RasterClip pictures) {
    return new Clip() {
      @Override
      public int size() {
        return pictures.size();
      }

      @Override
      public Series frame(int index) {
        return PictureFile.series(role, pictures.frame(index));
      }

      @Override
      public List<Notice> notices() {
        return List.of();
      }
    };
  }

  /**
   * Returns a DICOM series as a clip.
   *
   * @param path where the series lies, for messages
   */
  static Clip of(Path path, SeriesRole role, DicomSeries series, List<Notice> notices) {
    List<Notice> copy = List.copyOf(notices);
    return new Clip() {
      @Override
      public int size() {
        return series.pictures();
      }

      @Override
      public Series frame(int index) {
        try {
          return series.readPicture(role, index).series();
        } catch (IOException e) {
          throw DicomInput.unreadable(path, e);
        }
      }

      @Override
      public List<Notice> notices() {
        return copy;
      }
    };
  }
}
