import { call, collectionOf, condition, open } from './page.mjs';

const SMALL = { width: 1280, height: 800 };
const MEDIUM = { width: 1440, height: 900 };
const LARGE = { width: 1920, height: 1080 };

/** Each begins on a new window that shows movies; `sizes` is where it is kept, light and dark. */
export const SCENES = {
  main: { sizes: [MEDIUM], folder: 'docs', show: full },
  full: { sizes: [SMALL, LARGE], show: full },
  welcome: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: 'New tab' }).click();
      await page.getByRole('heading', { name: 'See a bucket as a table of records' }).waitFor();
    },
  },
  empty: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'drafts');
      await page.getByRole('heading', { name: 'drafts has no records' }).waitFor();
    },
  },
  failing: {
    sizes: [SMALL, LARGE],
    show: async (page) => {
      await page.getByRole('treeitem', { name: /^invoices/ }).click();
      await page.getByRole('heading', { name: /Archive/ }).waitFor();
    },
  },
  builder: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await condition(page, 'rating', 'at least', 'Value', '8');
      await page.getByRole('button', { name: 'Add a condition' }).click();
      await condition(page, 'title', 'like', 'Value', '%war%');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page
        .getByRole('status')
        .filter({ hasText: /^\d+ of 3,201/ })
        .first()
        .waitFor();
    },
  },
  palette: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('grid').getByRole('gridcell').first().click();
      await page.keyboard.press('ControlOrMeta+k');
      await page.keyboard.type('rec');
    },
  },
  menus: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('grid').getByRole('gridcell').first().click();
      await page.getByRole('button', { name: 'Menu' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.getByRole('menuitem', { name: /^New record/ }).waitFor();
    },
  },
  columns: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: /^Columns/ }).click();
      await page.getByRole('dialog', { name: 'Columns' }).waitFor();
    },
  },
  requests: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('treeitem', { name: /^invoices/ }).click();
      await page.getByRole('heading', { name: /Archive/ }).waitFor();
      await page.keyboard.press('Alt+l');
      const log = page.getByRole('region', { name: 'Request log' });
      await log.getByRole('row', { name: /tries/ }).first().click();
      await log.getByRole('complementary', { name: /^Details/ }).waitFor();
    },
  },
  edges: {
    sizes: [SMALL],
    show: (page) => open(page, 'edge cases'),
  },
  loading: {
    sizes: [SMALL],
    show: async (page) => {
      await call(page, 'collections:save', { collection: collectionOf('reviews', 'lab', 'samples', 'movies/') });
      await page.getByRole('treeitem', { name: /^reviews/ }).click();
      await page.getByRole('grid', { name: 'Records of reviews' }).getByRole('row').nth(3).waitFor();
    },
    // Read once, it would come from the index; read on, it would stand in the pictures after this one.
    leave: (page) => call(page, 'collections:remove', { collection: 'reviews' }),
  },
  profile: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'cars');
      await page.getByRole('button', { name: 'Show or hide the profile of the fields' }).click();
      const profile = page.getByRole('complementary', { name: 'Profile' });
      const origin = profile.getByRole('group', { name: 'origin' });
      await origin.getByRole('button', { name: /^Japan/ }).click();
      await found(page, '79 of 406');
      await profile.getByRole('group', { name: 'horsepower' }).locator('svg').first().waitFor();
    },
  },
  sql: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'cars');
      const query = page.getByRole('region', { name: 'Query' });
      await query.getByRole('button', { name: 'SQL' }).click();
      await query.getByRole('textbox', { name: 'Statement in SQL' }).click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(
        'SELECT origin, count(*) AS cars, round(avg(horsepower)) AS horsepower\nFROM records GROUP BY origin ORDER BY cars DESC',
      );
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByText('3 rows').waitFor();
    },
  },
  import: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'penguins');
      await page.getByRole('button', { name: 'Import a file or folder' }).click();
      const dialog = page.getByRole('dialog', { name: 'Import into penguins' });
      await dialog.getByRole('textbox', { name: 'Rows' }).fill(ROWS);
      await dialog.getByRole('button', { name: 'Take these rows' }).click();
      await dialog
        .getByText(/P-0001\.json/)
        .first()
        .waitFor();
    },
  },
  change: {
    sizes: [SMALL],
    show: async (page) => {
      await runByName(page, 'Change all records of this answer');
      const dialog = page.getByRole('alertdialog', { name: 'Change records' });
      await dialog.getByRole('combobox', { name: 'Field' }).fill('mpaa');
      await page.getByRole('option', { name: /^mpaa/ }).click();
      await dialog.getByRole('textbox', { name: 'Value of mpaa' }).fill('Not rated');
      await dialog
        .getByRole('region', { name: 'The first records, before and after' })
        .getByText('Not rated')
        .first()
        .waitFor();
    },
  },
  classes: {
    sizes: [SMALL],
    show: async (page) => {
      await runByName(page, 'Change the storage class of all records of this answer');
      const dialog = page.getByRole('alertdialog', { name: 'Change the storage class' });
      await dialog.getByRole('radio', { name: 'Standard-IA' }).check();
    },
  },
  jobs: {
    sizes: [SMALL],
    show: async (page) => {
      await open(page, 'cars');
      await runByName(page, 'Change all records of this answer');
      const change = page.getByRole('alertdialog', { name: 'Change records' });
      await change.getByRole('combobox', { name: 'Field' }).fill('origin');
      await page.getByRole('option', { name: /^origin/ }).click();
      await change.getByRole('textbox', { name: 'Value of origin' }).fill('Abroad');
      await change.getByRole('button', { name: 'Change 406 records' }).click();
      const bar = page.getByRole('contentinfo', { name: 'Jobs' });
      await bar.getByText('406 changed').waitFor();
      await bar.getByRole('button', { name: 'Undo', exact: true }).click();
      await page.getByRole('button', { name: 'Bring back 406 records' }).click();
      await bar.getByText('406 brought back').waitFor();
      await bar.getByRole('button', { name: 'Jobs', exact: true }).click();
      await page.getByRole('region', { name: 'Jobs' }).waitFor();
    },
  },
  connection: {
    sizes: [SMALL],
    show: async (page) => {
      await page.getByRole('button', { name: 'New connection' }).first().click();
      const dialog = page.getByRole('dialog', { name: 'New connection' });
      await dialog.getByRole('radio', { name: 'MinIO' }).click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Lab');
      await dialog.getByRole('textbox', { name: 'Endpoint' }).fill('http://127.0.0.1:9');
      await dialog.getByLabel('Access key', { exact: true }).fill('key');
      await dialog.getByRole('textbox', { name: 'Secret key' }).fill('secret');
      await dialog.getByRole('button', { name: 'Test connection' }).click();
      await dialog.getByRole('list', { name: 'Checks' }).waitFor();
    },
  },
  switcher: {
    sizes: [SMALL],
    show: async (page) => {
      await page
        .getByRole('button', { name: /^Sandbox/ })
        .first()
        .click();
      await page.getByRole('dialog', { name: 'Connections' }).getByRole('list', { name: 'Connections' }).waitFor();
    },
  },
};

async function full(page) {
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'rating', 'more than', 'Value', '8');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await condition(page, 'genre', 'is one of', 'Add to values', 'Drama');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('columnheader', { name: /rating/ }).click();
  await page.getByRole('gridcell', { name: 'Pulp Fiction' }).dblclick();
  await page.getByRole('tree', { name: 'Fields' }).waitFor();
}

async function found(page, words) {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${words}`) })
    .first()
    .waitFor();
}

async function runByName(page, name) {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill(`>${name}`);
  await page.getByRole('option', { selected: true }).filter({ hasText: name }).waitFor();
  await page.keyboard.press('Enter');
}

const ROWS = `id,species,island,mass_g,seen,note
P-0001,Adelie,Torgersen,3750,2024-11-02,"first of the nest"
P-0002,Gentoo,Biscoe,5400,2024-11-03,
P-0003,Chinstrap,Dream,3700,2024-11-03,"weighed twice"
P-0004,Adelie,Biscoe,3925,2024-11-04,007
`;
