package io.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.plan.ModelPlan.Layered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/guide/tasks.md shows a plan for each task. */
class TasksPageTest {
  private static final Pattern PLAN = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void eachTaskHasAPlanThatIsRead() throws IOException {
    List<TaskPlan> shown =
        PLAN.matcher(Files.readString(Path.of("..", "docs", "guide", "tasks.md")))
            .results()
            .map(MatchResult::group)
            .map(block -> block.replaceAll("```(yaml)?", ""))
            .map(yaml -> PlanParser.parse(yaml, "tasks.md", List.of()).model())
            .map(model -> ((Layered) model).task().orElseThrow())
            .toList();
    assertThat(shown).containsExactlyInAnyOrder(TaskPlan.values());
  }
}
