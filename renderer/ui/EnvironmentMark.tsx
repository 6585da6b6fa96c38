import type { Environment } from '../../shared/connection.ts';
import { classes } from './classes.ts';
import styles from './EnvironmentMark.module.css';

const SHORT: Readonly<Record<Environment, string>> = { development: 'dev', test: 'test', production: 'prod' };

/** A dot in the environment's colour, never without its word beside it; a ring where the connection does not answer. */
export function EnvironmentDot({
  environment,
  down = false,
}: {
  readonly environment: Environment;
  readonly down?: boolean;
}) {
  return <span aria-hidden="true" className={classes(styles.dot, styles[environment], down && styles.down)} />;
}

export function EnvironmentWord({
  environment,
  short = false,
}: {
  readonly environment: Environment;
  readonly short?: boolean;
}) {
  return (
    <span className={classes(styles.word, styles[environment])} title={short ? environment : undefined}>
      {short ? SHORT[environment] : environment}
    </span>
  );
}
