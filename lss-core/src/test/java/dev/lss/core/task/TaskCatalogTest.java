package dev.lss.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lss.api.ModelException;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.model.ModelDescription;
import dev.lss.core.TinyTask;
import dev.lss.core.ct.CtVertebrae;
import dev.lss.core.inference.MemoryPlan;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.service.ServiceFiles;
import dev.lss.core.stage.Networks;
import dev.lss.core.stage.Run;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskCatalogTest {

  /** Cannot be made: its constructor asks for something. */
  public static final class Broken extends Named {
    public Broken(String what) {
      super(what);
    }
  }

  /** Has the id of a task that exists already. */
  public static final class Twin extends Named {
    public Twin() {
      super("ct-vertebrae");
    }
  }

  /** A task that is nothing but its id. */
  abstract static class Named implements Task {
    private final CtVertebrae other = new CtVertebrae();
    private final String id;

    Named(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String title() {
      return id;
    }

    @Override
    public List<SeriesNeed> needs(ModelDescription model) {
      return other.needs(model);
    }

    @Override
    public void check(ModelDescription model) {}

    @Override
    public MemoryPlan memory(
        ModelDescription model, Map<SeriesRole, GridGeometry> grids, RuntimeOptions options) {
      return other.memory(model, grids, options);
    }

    @Override
    public Findings run(Case input, Networks networks, Run run) {
      return other.run(input, networks, run);
    }
  }

  private static TaskCatalog catalog(Class<?>... providers) {
    return TaskCatalog.discover(new ServiceFiles(Task.class, providers));
  }

  private static List<String> ids(TaskCatalog catalog) {
    return catalog.all().stream().map(Task::id).toList();
  }

  @Test
  void the_tasks_of_the_library_are_always_there() {
    assertThat(ids(TaskCatalog.discover(TaskCatalog.class.getClassLoader())))
        .containsExactly("ct-vertebrae", "mr-muscle", "mr-spine", "segment", "us-fascia");
    assertThat(ids(catalog()))
        .containsExactly("ct-vertebrae", "mr-muscle", "mr-spine", "segment", "us-fascia");
  }

  @Test
  void a_task_of_others_is_listed_by_its_id_and_found() {
    TaskCatalog catalog = catalog(TinyTask.class);

    assertThat(ids(catalog))
        .containsExactly("ct-vertebrae", "mr-muscle", "mr-spine", "segment", "tiny", "us-fascia");
    assertThat(catalog.byId("tiny")).isInstanceOf(TinyTask.class);
    assertThat(catalog.byId("ct-vertebrae")).isInstanceOf(CtVertebrae.class);
  }

  @Test
  void a_task_of_the_library_that_a_loader_lists_too_is_there_once() {
    assertThat(ids(catalog(CtVertebrae.class)))
        .containsExactly("ct-vertebrae", "mr-muscle", "mr-spine", "segment", "us-fascia");
  }

  @Test
  void an_unknown_task_is_refused_with_those_that_are_known() {
    assertThatThrownBy(() -> catalog().byId("ct-ribs"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "there is no task \"ct-ribs\"; known: ct-vertebrae, mr-muscle, mr-spine, segment, us-fascia")
        .extracting("code")
        .isEqualTo("UNKNOWN_TASK");
  }

  @Test
  void two_tasks_of_one_id_are_an_error_as_soon_as_it_is_asked_for() {
    TaskCatalog catalog = catalog(Twin.class);

    assertThat(catalog.byId("segment").id()).isEqualTo("segment");
    assertThatThrownBy(() -> catalog.byId("ct-vertebrae"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(Twin.class.getName())
        .hasMessageContaining(CtVertebrae.class.getName())
        .extracting("code")
        .isEqualTo("DUPLICATE_TASK");
  }

  @Test
  void a_broken_provider_hides_no_other_and_is_said_when_a_task_is_missing() {
    TaskCatalog catalog = catalog(Broken.class, TinyTask.class);

    assertThat(catalog.byId("tiny")).isInstanceOf(TinyTask.class);
    assertThat(catalog.broken()).singleElement().asString().contains(Broken.class.getName());
    assertThatThrownBy(() -> catalog.byId("ct-ribs"))
        .hasMessageContaining("; broken: ")
        .hasMessageContaining(Broken.class.getName());
  }
}
