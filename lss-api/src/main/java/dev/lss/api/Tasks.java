package dev.lss.api;

/** The ids of the tasks that LSS brings; applications may bring others. */
public final class Tasks {

  /** L1 to L5 on CT: labels and measurements of whole vertebrae. */
  public static final String CT_VERTEBRAE = "ct-vertebrae";

  /** Vertebrae, discs, canal and sacrum on sagittal MR. */
  public static final String MR_SPINE = "mr-spine";

  /** Layers of fascia in B-mode ultrasound. */
  public static final String US_FASCIA = "us-fascia";

  /** Muscles beside the lumbar spine on MR: labels, size and share of fat, per side. */
  public static final String MR_MUSCLE = "mr-muscle";

  /** The labels of any model's last stage; nothing is measured. */
  public static final String SEGMENT = "segment";

  private Tasks() {}
}
