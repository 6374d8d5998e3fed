/** Where a generated person lives and how people are called there. Names are `written|login`. */
export type Culture = {
  /** Share among generated members, in per mille; all together 1000. */
  readonly share: number;
  readonly country: string;
  readonly usageLocation: string;
  readonly language: string;
  readonly familyFirst?: boolean;
  readonly places: readonly Place[];
  readonly given: readonly Name[];
  readonly family: readonly Name[];
};

export type Name = { readonly written: string; readonly login: string };
export type Place = {
  readonly city: string;
  readonly state: string | null;
  readonly postalCode: string;
  readonly street: string;
};

const names = (text: string): Name[] =>
  text.split(' ').map((entry) => {
    const [written = '', login] = entry.split('|');
    return { written: written.replaceAll('_', ' '), login: login ?? loginOf(written) };
  });

const loginOf = (written: string): string =>
  written
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'l')
    .replaceAll('_', '')
    .toLowerCase();

const place = (city: string, state: string | null, postalCode: string, street: string): Place => ({
  city,
  state,
  postalCode,
  street,
});

export const CULTURES: readonly Culture[] = [
  {
    share: 300,
    country: 'United States',
    usageLocation: 'US',
    language: 'en-US',
    places: [
      place('Redmond', 'WA', '98052', '1 Example Way'),
      place('New York', 'NY', '10001', '350 5th Avenue, Floor 12'),
      place('St. John’s', 'AZ', '85936', '12 "Old" Mill Road'),
    ],
    given: names(
      "Mia James Olivia Liam Emma Noah Ava William Sophia Ethan Grace Lucas Chloe D'Arcy|darcy Mary-Ann",
    ),
    family: names(
      "Smith Johnson O'Brien Brown Davis Miller Wilson Moore Taylor Clark Lewis Hall Young King van_der_Berg",
    ),
  },
  {
    share: 170,
    country: 'Germany',
    usageLocation: 'DE',
    language: 'de-DE',
    places: [
      place('Köln', 'Nordrhein-Westfalen', '50667', 'Straße des 17. Juni 135'),
      place('München', 'Bayern', '80331', 'Marienplatz 1'),
      place('Görlitz', 'Sachsen', '02826', 'Untermarkt 6-8'),
    ],
    given: names('Jürgen Käthe Sören Anna Lukas Zoë Björn Ännchen Max Frieda Jörg Ulrike'),
    family: names('Müller Schäfer Weiß Groß Köhler Jäger Vogt Öztürk Bähr Lang Krüger Zu_Löwenstein'),
  },
  {
    share: 90,
    country: 'Norway',
    usageLocation: 'NO',
    language: 'nb-NO',
    places: [
      place('Tromsø', 'Troms', '9008', 'Storgata 95'),
      place('Ålesund', null, '6002', 'Kongens gate 12'),
    ],
    given: names('Åse Øyvind Ingrid Håkon Sigrid Bjørn Marit Leif Tuva Æsa|aesa'),
    family: names('Østby Nordmann Berg Lie Håland Sørensen Vik Moe Dahl Ås'),
  },
  {
    share: 80,
    country: 'France',
    usageLocation: 'FR',
    language: 'fr-FR',
    places: [
      place('Saint-Étienne', 'Loire', '42000', "12 rue de l'Hôtel de Ville"),
      place('Nîmes', 'Gard', '30000', '4 boulevard Gambetta'),
    ],
    given: names('Élodie François Zoé Anaïs Loïc Cédric Noëlle Hélène Benoît Agnès'),
    family: names("Lefèvre D'Alembert|dalembert Béranger Müntz Garçon Côté Faÿ Rousseau Noël Hervé"),
  },
  {
    share: 60,
    country: 'Poland',
    usageLocation: 'PL',
    language: 'pl-PL',
    places: [
      place('Łódź', 'łódzkie', '90-001', 'ul. Piotrkowska 104'),
      place('Wrocław', 'dolnośląskie', '50-101', 'Rynek 1'),
    ],
    given: names('Łucja Zbigniew Małgorzata Żaneta Jan Agnieszka Świętosława Michał'),
    family: names('Żółć Wiśniewska Nowak Łukasiewicz Dąbrowski Święcicki Kowalczyk Ćwik'),
  },
  {
    share: 50,
    country: 'Ukraine',
    usageLocation: 'UA',
    language: 'uk-UA',
    places: [
      place('Київ', null, '01001', 'вул. Хрещатик, 36'),
      place('Львів', 'Львівська область', '79000', 'пл. Ринок 1'),
    ],
    given: names("Олена|olena Їжак|izhak Андрій|andriy Мар'яна|mariana Юрій|yuriy Ґалаґан|galagan"),
    family: names('Шевченко|shevchenko Щербак|shcherbak Ющенко|yushchenko Коваль|koval Їжакевич|izhakevych'),
  },
  {
    share: 35,
    country: 'Greece',
    usageLocation: 'GR',
    language: 'el-GR',
    places: [place('Θεσσαλονίκη', null, '546 24', 'Πλατεία Αριστοτέλους 5')],
    given: names('Ευαγγελία|evangelia Ιωάννης|ioannis Ζωή|zoi Γεώργιος|georgios'),
    family: names('Παπαδόπουλος|papadopoulos Αγγελής|angelis Δημητρίου|dimitriou'),
  },
  {
    share: 35,
    country: 'Israel',
    usageLocation: 'IL',
    language: 'he-IL',
    places: [place('תל אביב-יפו', null, '6100000', 'רחוב אבן גבירול 69')],
    given: names('נועה|noa אברהם|avraham תמר|tamar דוד|david'),
    family: names('כהן|cohen לוי|levi בן־דוד|bendavid מזרחי|mizrahi'),
  },
  {
    share: 45,
    country: 'Saudi Arabia',
    usageLocation: 'SA',
    language: 'ar-SA',
    places: [place('الرياض', 'منطقة الرياض', '11564', 'طريق الملك فهد')],
    given: names('فاطمة|fatima محمد|mohammed نورة|noura عبد_الله|abdullah'),
    family: names('القحطاني|alqahtani الحربي|alharbi السعدي|alsaadi'),
  },
  {
    share: 45,
    country: 'India',
    usageLocation: 'IN',
    language: 'hi-IN',
    places: [place('मुंबई', 'महाराष्ट्र', '400001', 'डॉ॰ दादाभाई नौरोजी रोड')],
    given: names('अनन्या|ananya रोहित|rohit कृष्ण|krishna प्रिया|priya ज्ञान|gyan'),
    family: names('शर्मा|sharma पटेल|patel सिंह|singh श्रीवास्तव|srivastava'),
  },
  {
    share: 20,
    country: 'Thailand',
    usageLocation: 'TH',
    language: 'th-TH',
    places: [place('กรุงเทพมหานคร', null, '10200', 'ถนนราชดำเนินกลาง')],
    given: names('สมชาย|somchai น้ำผึ้ง|namphueng กิตติ|kitti'),
    family: names('ศรีสุข|srisuk วงศ์สวัสดิ์|wongsawat'),
  },
  {
    share: 40,
    country: 'China',
    usageLocation: 'CN',
    language: 'zh-CN',
    familyFirst: true,
    places: [place('上海市', '上海', '200000', '南京东路100号')],
    given: names('伟|wei 秀英|xiuying 𠮷|ji 小龙|xiaolong 娜|na'),
    family: names('王|wang 李|li 欧阳|ouyang 张|zhang 𡈽|tu'),
  },
  {
    share: 20,
    country: 'Japan',
    usageLocation: 'JP',
    language: 'ja-JP',
    familyFirst: true,
    places: [place('東京都', '東京', '100-0001', '千代田区千代田1-1')],
    given: names('さくら|sakura 健|ken ひろし|hiroshi ガブリエル|gaburieru'),
    family: names('髙橋|takahashi 﨑山|sakiyama 佐藤|sato 渡邉|watanabe'),
  },
  {
    share: 10,
    country: 'Korea',
    usageLocation: 'KR',
    language: 'ko-KR',
    familyFirst: true,
    places: [place('서울특별시', null, '04524', '세종대로 110')],
    given: names('민준|minjun 서연|seoyeon 하늘|haneul'),
    family: names('김|kim 이|lee 박|park 독고|dokgo'),
  },
];

/** Display names that real directories hold and that break careless code. */
export const MESSY_NAMES: readonly string[] = [
  '=HYPERLINK("http://example.invalid","Click")',
  '+49 Hotline',
  '-Archiv-',
  '@Reception',
  '\tTabbed Name',
  'Line\r\nBreak',
  'Berg, Mia (External)',
  'Robert "Bob" O\'Neil',
  '"Quoted"',
  "Robert'); DROP TABLE users;--",
  '<script>alert(1)</script>',
  '&lt;escaped&gt; & not',
  '👩‍👩‍👧‍👦 Family Desk',
  '🏳️‍🌈 Pride Team 🇳🇴',
  'e\u0301 combining',
  '\u202eright-to-left override\u202c',
  'zero\u200bwidth\u200djoiner',
  'مرحبا Mixed עברית text',
  ' leading and trailing ',
  'İstanbul ışık',
  'ﬁligature ½ ①',
  'Z̷͎͝a̸l̴g̶o̵',
  'x'.repeat(256),
  `Long ${'Ünïcödé '.repeat(30)}`.slice(0, 256),
  'null',
  'undefined',
  'NaN',
  '0',
  'true',
  `%s%n$\{jndi:ldap://x}`,
  'a;b|c,d',
  '𝕸𝖆𝖙𝖍 𝕭𝖔𝖑𝖉',
];

export const DEPARTMENTS: readonly (string | null)[] = [
  'Sales',
  'Marketing',
  'Finance',
  'IT',
  'R&D, Europe',
  'Sales "West"',
  'Produktion\nHalle 3',
  '=Finance',
  'Öffentlichkeitsarbeit',
  '研究開発',
  'Human Resources',
  'Legal',
  'Logistics',
  'Support; Tier 2',
  '',
  null,
  null,
  'sales',
  'Operations ',
  'Facilities/Security',
];

export const JOB_TITLES: readonly (string | null)[] = [
  'Consultant',
  'Engineer II',
  'Head of "Everything"',
  'VP, Sales',
  'Leiter Produktion',
  'Accountant',
  null,
  '',
  '@Work Specialist',
  'Manager',
  'Assistant to the Regional Manager',
  'Praktikant*in',
];

export const COMPANIES: readonly (string | null)[] = [
  null,
  '',
  'Acme, Inc.',
  'Müller & Söhne GmbH',
  '株式会社サンプル',
  '"Quotes" Ltd',
];

export const OFFICES: readonly (string | null)[] = [
  'B2/4017',
  null,
  '',
  '18/2111',
  'Floor 3, East',
  '本社',
  '-1.02',
  'Home',
];

export const GUEST_DOMAINS: readonly string[] = [
  'gmail.com',
  'outlook.com',
  'partner.example',
  'fabrikam.com',
  'bücher.example',
  'sub.domain.co.uk',
];
