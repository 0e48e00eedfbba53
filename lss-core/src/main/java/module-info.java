/** The core of LSS: everything between a study and a result, except running the network. */
module dev.lss.core {
  requires transitive dev.lss.api;
  requires com.fasterxml.jackson.databind;
  requires java.management;
  requires transitive java.desktop;
  requires static org.jspecify;

  exports dev.lss.core;
  exports dev.lss.core.ct;
  exports dev.lss.core.image;
  exports dev.lss.core.inference;
  exports dev.lss.core.io;
  exports dev.lss.core.measure;
  exports dev.lss.core.model;
  exports dev.lss.core.muscle;
  exports dev.lss.core.nifti;
  exports dev.lss.core.nnunet;
  exports dev.lss.core.phantom;
  exports dev.lss.core.raster;
  exports dev.lss.core.report;
  exports dev.lss.core.segment;
  exports dev.lss.core.spine;
  exports dev.lss.core.stage;
  exports dev.lss.core.task;
  exports dev.lss.core.ultrasound;
  exports dev.lss.core.volume;

  uses dev.lss.core.task.Task;
  uses dev.lss.spi.InferenceBackend;
  uses dev.lss.spi.ModelProvider;

  provides dev.lss.core.task.Task with
      dev.lss.core.ct.CtVertebrae,
      dev.lss.core.muscle.MrMuscle,
      dev.lss.core.segment.SegmentTask,
      dev.lss.core.spine.MrSpine,
      dev.lss.core.ultrasound.UsFascia;
}
